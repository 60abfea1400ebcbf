# Changes of figures that are no shares or means: from 2008 to 2011 by the design
# of datasets/reference/twostage.csv, from men to women by the BRR weights of
# replicates.csv.
# Run in this folder: Rscript changes.R > changes.json
# Made with R 4.2.2, survey 4.1.1.
#
# Standard deviations and correlations are contrasts of totals. A change of
# medians has no call of its own: with the share F_t(q_t) of each side up to its
# quantile, and f_t = SE(F_t)/SE(q_t) by Woodruff's interval, its variance is that
# of F_1/f_1 - F_2/f_2, from the joint covariance of the two shares.
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
  shares <- svyby(~under, ~side, subset(design, !is.na(hours_online)), svymean, covmat = TRUE)
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
two <- read.csv("../../../datasets/reference/twostage.csv")
two$side <- ifelse(two$wave == 2008, 1, 2)
two <- prepare(two)
rep <- read.csv("../../../datasets/reference/replicates.csv")
rep$side <- ifelse(rep$gender == "male", 1, 2)
rep <- prepare(rep)
out <- list(
  twostage = figures(two, svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = two, nest = TRUE)),
  brr = figures(rep, svrepdesign(data = rep, weights = ~weight, repweights = "brr_[0-9]+", type = "BRR", combined.weights = TRUE)))
json <- function(m) paste(sprintf('    "%s": [%.15g, %.15g]', rownames(m), m[, 1], m[, 2]), collapse = ",\n")
cat(sprintf('{\n  "source": "%s, survey %s",\n  "twostage": {\n%s\n  },\n  "brr": {\n%s\n  }\n}\n', R.version$version.string, packageVersion("survey"), json(out$twostage), json(out$brr)))
