# The answers of survey.json in which R's own call does not follow METHODS:
# - intervals of quantiles by score: the observed values at which the weighted
#   share of answers up to them does not differ from p by the t test, with the
#   design variance at that value. svyquantile reads its limits through the
#   unweighted share.
# - tests of association: the rows that answered both questions. svychisq takes
#   sample size and degrees of freedom from all rows.
# - differences of shares at or near 0% or 100%: the test by counts and the
#   limits of Newcombe from those of Korn and Graubard, with no standard error.
# Prints one JSON object a case. Run in this folder: Rscript revised.R
library(survey); library(jsonlite)
formula_of <- function(names) if (is.null(names)) ~1 else reformulate(unlist(names))
design_of <- function(case) {
  data <- read.csv(basename(case$data), check.names = FALSE)
  d <- case$design
  r <- d$replicates
  if (!is.null(r)) {
    columns <- grep(paste0("^", r$prefix, "[0-9]+$"), names(data))
    type <- c(brr = "BRR", fay = "Fay", jkn = "JKn", jk1 = "JK1", bootstrap = "bootstrap", sdr = "other", other = "other")[[tolower(r$type)]]
    args <- list(data = data, weights = data[[d$weight]], repweights = data[, columns], type = type, combined.weights = TRUE, mse = isTRUE(r$mse))
    if (!is.null(r$scale)) args$scale <- r$scale
    if (!is.null(r$rscales)) args$rscales <- rep_len(unlist(r$rscales), length(columns))
    if (!is.null(r$rho)) args$rho <- r$rho
    return(suppressWarnings(do.call(svrepdesign, args)))
  }
  args <- list(ids = formula_of(d$psu), data = data, nest = TRUE)
  if (!is.null(d$strata)) args$strata <- formula_of(d$strata)
  if (!is.null(d$weight)) args$weights <- formula_of(d$weight)
  if (!is.null(d$fpc)) args$fpc <- formula_of(d$fpc)
  suppressWarnings(do.call(svydesign, args))
}
score <- function(case) {
  d <- design_of(case)
  x <- d$variables[[case$request$variables]]
  d <- d[!is.na(x), ]; x <- x[!is.na(x)]
  w <- weights(d); t <- qt(0.975, degf(d))
  lapply(case$expected, function(e) {
    values <- sort(unique(x))
    share <- sapply(values, function(v) sum(w[x <= v]) / sum(w))
    values <- values[abs(share - e$quantile) < 0.1]
    accepted <- sapply(values, function(v) {
      d$variables$below <- as.numeric(x <= v)
      m <- svymean(~below, d)
      abs(coef(m) - e$quantile) <= t * SE(m)
    })
    e$ci_low <- min(values[accepted]); e$ci_high <- max(values[accepted])
    e$se <- (e$ci_high - e$ci_low) / (2 * t)
    e
  })
}
association <- function(case) {
  d <- design_of(case)
  v <- unlist(case$request$variables)
  d <- d[!is.na(d$variables[[v[1]]]) & !is.na(d$variables[[v[2]]]), ]
  lapply(case$expected, function(e) {
    r <- svychisq(reformulate(v), d, statistic = e$test)
    e$statistic <- unname(r$statistic); e$p <- unname(r$p.value)
    if (e$test != "lincom" && e$test != "saddlepoint") {
      e$ndf <- unname(r$parameter[1])
      if (length(r$parameter) > 1) e$ddf <- unname(r$parameter[2])
    }
    e
  })
}
# edge revises a difference of shares of which one has fewer than five effective
# yes or no answers, and none shows one value; others stay as they are.
edge <- function(d, e, variable, by, between) {
  d$variables$side <- match(as.character(d$variables[[between$variable]]), between$levels)
  v <- d$variables[[variable]]
  d <- d[!is.na(v) & !is.na(d$variables$side) & as.character(d$variables[[by]]) %in% e$group[[by]], ]
  y <- d$variables[[variable]]; side <- d$variables$side; w <- weights(d)
  size <- sapply(1:2, function(k) sum(w[side == k])^2 / sum(w[side == k]^2))
  means <- svyby(reformulate(variable), ~side, d, svymean, covmat = TRUE)
  s <- unname(coef(means))
  if (min(size * pmin(s, 1 - s)) >= 5 || any(s == 0 | s == 1)) return(e)
  deff <- max(1, as.numeric(SE(svycontrast(means, c(-1, 1))))^2 / sum(s * (1 - s) / size))
  n <- size / deff * min(1, (qt(0.975, length(y) - 1) / qt(0.975, e$df))^2)
  size <- round(n); x <- round(n * s)
  at <- dhyper(x[2], size[2], size[1], sum(x)) / 2
  lower <- phyper(x[2] - 1, size[2], size[1], sum(x)) + at
  l <- qbeta(0.025, n * s, n * (1 - s) + 1); h <- qbeta(0.975, n * s + 1, n * (1 - s))
  gap <- s[2] - s[1]
  e$p <- min(1, 2 * lower, 2 * (1 - lower))
  e$ci_low <- gap - sqrt((s[2] - l[2])^2 + (h[1] - s[1])^2)
  e$ci_high <- gap + sqrt((h[2] - s[2])^2 + (s[1] - l[1])^2)
  e$se <- NULL; e$t <- NULL
  e
}
difference <- function(case) {
  d <- design_of(case)
  lapply(case$expected, function(e) {
    if (!all(d$variables[[e$variable]] %in% c(0, 1, NA))) return(e)
    edge(d, e, e$variable, case$request$by, case$request$contrast)
  })
}
for (case in fromJSON("survey.json", simplifyVector = FALSE)$cases) {
  expected <- if (identical(case$request$interval, "score")) score(case) else if (case$request$statistic == "chisq") association(case) else if (grepl("difference-waves", case$id)) difference(case)
  if (!is.null(expected)) cat(toJSON(list(id = case$id, expected = expected), auto_unbox = TRUE, digits = NA), "\n")
}
