# Standard deviation, correlation, median and 90th percentile of side 2 less those
# of side 1, with their standard errors: for changes.R and distribution.R.
suppressMessages(library(survey))

sides <- 1:2
prepare <- function(d) {
  for (t in sides) {
    s <- function(name, x) { x[is.na(x) | d$side != t] <- 0; d[[paste0(name, t)]] <<- x }
    ok <- !is.na(d$hours_online); x <- d$hours_online - 3
    s("n", as.numeric(ok)); s("x", x); s("xx", x^2)
    ok <- ok & !is.na(d$trust); p <- ifelse(ok, x, 0); q <- ifelse(ok, d$trust - 5, 0)
    s("m", as.numeric(ok)); s("p", p); s("q", q); s("pp", p^2); s("pq", p * q); s("qq", q^2)
  }
  d
}
spread <- function(d, t) { n <- sum(d$side == t & !is.na(d$hours_online)); sprintf("sqrt(%d / %d * (xx%d / n%d - (x%d / n%d)^2))", n, n - 1, t, t, t, t) }
pearson <- function(d, t) gsub("T", t, "((pqT / mT - pT / mT * qT / mT) / sqrt((ppT / mT - (pT / mT)^2) * (qqT / mT - (qT / mT)^2)))")
contrast <- function(totals, e) { x <- eval(substitute(svycontrast(totals, quote(e)), list(e = parse(text = e)[[1]]))); c(as.numeric(coef(x)), as.numeric(SE(x))) }

quantiles <- function(d, design, p) {
  q <- sapply(sides, function(t) {
    x <- svyquantile(~hours_online, subset(design, side == t & !is.na(hours_online)), p, interval.type = "mean", qrule = "math")
    c(as.numeric(coef(x)), as.numeric(SE(x)))
  })
  design <- update(design, under = as.numeric(hours_online <= ifelse(side == 1, q[1, 1], q[1, 2])))
  shares <- svyby(~under, ~side, subset(design, side > 0 & !is.na(hours_online)), svymean, covmat = TRUE)
  slope <- q[2, ] / sqrt(diag(vcov(shares)))
  w <- slope * c(-1, 1)
  c(q[1, 2] - q[1, 1], sqrt(as.numeric(t(w) %*% vcov(shares) %*% w)))
}
figures <- function(d, design) {
  totals <- svytotal(reformulate(as.vector(outer(c("n", "x", "xx", "m", "p", "q", "pp", "pq", "qq"), sides, paste0))), design, return.replicates = TRUE)
  rbind(sd = contrast(totals, paste(spread(d, 2), "-", spread(d, 1))),
    correlation = contrast(totals, paste(pearson(d, 2), "-", pearson(d, 1))),
    median = quantiles(d, design, 0.5), p90 = quantiles(d, design, 0.9))
}
