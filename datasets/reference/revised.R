# The answers of survey.json in which R's own call does not follow METHODS:
# - intervals of quantiles by score: the observed values at which the weighted
#   share of answers up to them does not differ from p by the t test, with the
#   design variance at that value. svyquantile reads its limits through the
#   unweighted share.
# - tests of association: the rows that answered both questions. svychisq takes
#   sample size and degrees of freedom from all rows.
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
for (case in fromJSON("survey.json", simplifyVector = FALSE)$cases) {
  expected <- if (identical(case$request$interval, "score")) score(case) else if (case$request$statistic == "chisq") association(case)
  if (!is.null(expected)) cat(toJSON(list(id = case$id, expected = expected), auto_unbox = TRUE, digits = NA), "\n")
}
