# Answers the requests of TestDifferential with R's survey package:
#   Rscript differential.R FOLDER
# FOLDER holds surveys.csv, a row a survey, and for each survey NAME.csv (its data) and NAME.requests.csv.
# The answers go to answers.csv, a row a figure. The formulas that R's functions do not have, or have in another
# form, are written from METHODS.md: limits of a proportion but for xlogit and mean, and rules of quantiles.
suppressMessages(library(survey))
folder <- commandArgs(TRUE)[1]
options(warn = -1, survey.adjust.domain.lonely = FALSE)
read <- function(...) read.csv(file.path(folder, paste0(...)), na.strings = "", stringsAsFactors = FALSE)
numbers <- function(text) if (is.na(text)) NULL else as.numeric(strsplit(as.character(text), " ")[[1]])
one_sided <- function(text) if (is.na(text)) NULL else as.formula(paste("~", text))

# The design of a survey, before its weights are fitted to anything.
sampled <- function(s, data) {
  if (is.na(s$type)) {
    ids <- if (is.na(s$ids)) ~1 else one_sided(s$ids)
    return(svydesign(ids, strata = one_sided(s$strata), fpc = one_sided(s$fpc), weights = ~w, data = data, nest = TRUE))
  }
  arguments <- list(data = data[, !startsWith(names(data), "rep_")], weights = ~w, repweights = data[, startsWith(names(data), "rep_")],
                    type = s$type, combined.weights = s$combined, mse = s$mse)
  if (!is.na(s$scale)) arguments$scale <- s$scale
  if (!is.na(s$rscales)) arguments$rscales <- numbers(s$rscales)
  if (!is.na(s$rho)) arguments$rho <- s$rho
  do.call(svrepdesign, arguments)
}

design_of <- function(s, data) {
  d <- sampled(s, data)
  if (is.na(s$margins)) return(d)
  calibrate(d, one_sided(s$margins), population = numbers(s$population), calfun = s$distance, epsilon = 1e-12, maxit = 500)
}

# The rows of a domain that answered some variables, where some has one of the values given. Rows without weight are
# left out: they count as nothing, and some of R's functions count them as rows. A calibrated design keeps its other
# rows with a weight of 0: they get the answers of a row that is in, so that they are neither missing nor a category.
among <- function(d, where, variables, some = NULL, values = NULL) {
  data <- d$variables
  keep <- weights(d, "sampling") != 0
  if (!is.na(where)) keep <- keep & eval(parse(text = where), data)
  for (v in variables) keep <- keep & !is.na(data[[v]])
  if (!is.null(some)) keep <- keep & data[[some]] %in% values
  if (!any(keep, na.rm = TRUE)) stop("nobody")
  d <- d[which(keep), ]
  out <- which(weights(d, "sampling") == 0)
  for (v in variables) d$variables[[v]][out] <- data[[v]][which(keep)[1]]
  d
}
rows <- function(d) sum(weights(d, "sampling") != 0)
student <- function(df, level) if (df > 0) qt(1 - (1 - level) / 2, df) else NA

# A figure with symmetric limits, and those of a positive one on the log.
symmetric <- function(m, d, level) {
  t <- student(degf(d), level)
  c(est = coef(m)[[1]], se = SE(m)[[1]], low = coef(m)[[1]] - t * SE(m)[[1]], high = coef(m)[[1]] + t * SE(m)[[1]], df = degf(d), n = rows(d))
}
logarithmic <- function(m, d, level) {
  r <- symmetric(m, d, level)
  r[c("low", "high")] <- r[["est"]] * exp(c(-1, 1) * student(degf(d), level) * r[["se"]] / r[["est"]])
  r
}

# Limits of the share of rows whose .in is 1.
limits <- function(m, d, method, level) {
  p <- coef(m)[[1]]; se <- SE(m)[[1]]; df <- degf(d); n <- rows(d); a <- 1 - level; t <- student(df, level)
  if (is.na(t)) return(c(NA, NA))
  if (p < 1e-12 || p > 1 - 1e-12) {
    size <- n * (qt(1 - a / 2, n - 1) / t)^2
    return(if (p < 0.5) c(0, qbeta(1 - a / 2, 1, size)) else c(qbeta(a / 2, size, 1), 1))
  }
  size <- p * (1 - p) / se^2
  curve <- function(q) 2 * n * (p * (log(p) - plogis(q, log.p = TRUE)) + (1 - p) * (log(1 - p) - plogis(-q, log.p = TRUE))) -
    n * se^2 / (p * (1 - p)) * t^2 * n / (n - 1)
  switch(method,
    xlogit = , mean = as.numeric(confint(svyciprop(~.in, d, method = method, level = level, df = df))),
    logit = { m <- if (inherits(d, "svyrep.design")) withReplicates(d, function(w, data) qlogis(sum(w * data$.in) / sum(w)))
        else svycontrast(m, quote(log(.in / (1 - .in))))
      plogis(coef(m)[[1]] + c(-1, 1) * t * SE(m)[[1]]) },
    asin = sin(pmin(pmax(asin(sqrt(p)) + c(-1, 1) * t * se / (2 * sqrt(p * (1 - p))), 0), pi / 2))^2,
    beta = { k <- size * (qt(1 - a / 2, n - 1) / t)^2
      c(qbeta(a / 2, k * p, k * (1 - p) + 1), qbeta(1 - a / 2, k * p + 1, k * (1 - p))) },
    wilson = (p + t^2 / (2 * size) + c(-1, 1) * t / (2 * size) * sqrt(4 * size * p * (1 - p) + t^2)) / (1 + t^2 / size),
    likelihood = plogis(c(uniroot(curve, c(-700, qlogis(p)), tol = 1e-14)$root, uniroot(curve, c(qlogis(p), 700), tol = 1e-14)$root)))
}

proportion <- function(d, q, level) {
  d <- among(d, q$domain, q$variable)
  d$variables$.in <- as.numeric(d$variables[[q$variable]] == q$other)
  m <- svymean(~.in, d)
  l <- limits(m, d, q$option, level)
  c(est = coef(m)[[1]], se = SE(m)[[1]], low = l[1], high = l[2], df = degf(d), n = rows(d))
}

# The quantile of weighted answers by a rule.
quantile_by <- function(rule, x, w, p) {
  o <- order(x); x <- x[o]; w <- w[o]
  if (rule == "hf3") { w <- as.numeric(tapply(w, x, sum)); x <- unique(x) }
  C <- cumsum(w); n <- length(x); W <- C[n]
  k <- which(C >= (p - 1e-12) * W)[1]
  equal <- abs(C[k] - p * W) <= 1e-12 * W && k < n
  if (rule == "math") return(x[k])
  if (rule == "school") return(if (equal) (x[k] + x[k + 1]) / 2 else x[k])
  if (rule == "hf3") return(if (equal && k %% 2 == 1) x[k + 1] else x[k])
  if (n == 1) return(x)
  at <- switch(rule, hf4 = C / W, hf5 = (C - w / 2) / W, hf6 = C / (W + w[n]), hf7 = c(0, C[-n]) / C[n - 1],
               hf8 = (C - w / 3) / (W + w[n] / 3), hf9 = (C - 3 * w / 8) / (W + w[n] / 4))
  approx(at, x, p, rule = 2, ties = "ordered")$y
}

quantile_of <- function(d, q, level) {
  d <- among(d, q$domain, q$variable)
  x <- d$variables[[q$variable]]; w <- weights(d, "sampling")
  option <- strsplit(q$option, " ")[[1]]
  answered <- w != 0
  by <- function(p) if (is.na(p) || p <= 0 || p >= 1) NA else quantile_by(option[1], x[answered], w[answered], p)
  est <- by(q$probability)
  d$variables$.in <- as.numeric(x <= est)
  share <- limits(svymean(~.in, d), d, option[2], level)
  low <- by(share[1]); high <- by(share[2])
  c(est = est, se = (high - low) / (2 * student(degf(d), level)), low = low, high = high, df = degf(d), n = rows(d))
}

association <- function(d, q) {
  d <- among(d, q$domain, c(q$variable, q$other))
  for (v in c(q$variable, q$other)) {
    x <- d$variables[[v]]
    d$variables[[v]] <- factor(x, sort(unique(x[weights(d, "sampling") != 0])))
    if (nlevels(d$variables[[v]]) < 2) stop("one category")
  }
  if (degf(d) < 1) stop("no degrees of freedom")
  t <- svychisq(as.formula(paste("~", q$variable, "+", q$other)), d, statistic = q$option)
  out <- c(est = t$statistic[[1]], p = t$p.value[[1]], n = rows(d))
  if (q$option %in% c("F", "Wald", "adjWald")) out <- c(out, ndf = t$parameter[[1]], ddf = t$parameter[[2]])
  out
}

difference <- function(d, q, level) {
  groups <- strsplit(q$option, " ")[[1]]
  d <- among(d, q$domain, c(q$variable, q$other), q$other, groups)
  group <- d$variables[[q$other]]
  if (!all(groups %in% group[weights(d, "sampling") != 0])) stop("nobody")
  d$variables$.n0 <- as.numeric(group == groups[1]); d$variables$.y0 <- d$variables$.n0 * d$variables[[q$variable]]
  d$variables$.n1 <- as.numeric(group == groups[2]); d$variables$.y1 <- d$variables$.n1 * d$variables[[q$variable]]
  m <- if (inherits(d, "svyrep.design")) withReplicates(d, function(w, data) sum(w * data$.y1) / sum(w * data$.n1) - sum(w * data$.y0) / sum(w * data$.n0))
    else svycontrast(svytotal(~.n0 + .n1 + .y0 + .y1, d), quote(.y1 / .n1 - .y0 / .n0))
  r <- symmetric(m, d, level)
  c(r[names(r) != "n"], p = if (degf(d) > 0) 2 * pt(-abs(r[["est"]] / r[["se"]]), degf(d)) else NA)
}

# A model: a row a term, and one of the range of the fitted means, which shows separation, of the terms that are aliased,
# and of the replicates in which some are.
model <- function(d, q) {
  form <- as.formula(q$variable)
  d <- among(d, q$domain, all.vars(form))
  dropped <- 0; family <- get(q$option)(); control <- glm.control(epsilon = 1e-30, maxit = 50)
  if (inherits(d, "svyrep.design")) {
    X <- model.matrix(form, d$variables); y <- d$variables[[all.vars(form)[1]]]
    fitted_by <- function(w) glm.fit(X, y, w / mean(w), family = family, control = control)
    fit <- fitted_by(weights(d, "sampling"))
    V <- vcov(withReplicates(d, function(w, data) {
      b <- fitted_by(w)$coefficients
      dropped <<- dropped + (any(is.na(b)) || max(abs(b)) > 1e8)
      b
    }))
    est <- fit$coefficients; se <- sqrt(diag(as.matrix(V)))
  } else {
    fit <- do.call(svyglm, list(form, design = d, family = family, control = control))
    est <- fit$coefficients; se <- sqrt(diag(vcov(fit)))[match(names(est), rownames(vcov(fit)))]
  }
  mu <- fitted(fit)[weights(d, "sampling") != 0]
  df <- degf(d) + 1 - sum(!is.na(est))
  for (k in seq_along(est)) {
    add(q, names(est)[k], c(est = est[[k]], se = se[[k]], df = if (is.na(est[[k]])) NA else df))
  }
  add(q, "", c(smallest = min(mu), largest = max(mu), aliased = sum(is.na(est)), dropped = dropped))
  NULL
}

# The mean of a variable over that of another, both answered by everybody.
contrast <- function(d, v) {
  if (inherits(d, "svyrep.design")) return(withReplicates(d, function(w, data) sum(w * data[[v[1]]]) / sum(w * data[[v[2]]])))
  svycontrast(svymean(one_sided(paste(v, collapse = "+")), d), parse(text = paste(v, collapse = "/"))[[1]])
}

answer <- function(d, q, level) {
  variables <- strsplit(q$variable, "/")[[1]]
  y <- one_sided(variables[1])
  if (q$kind %in% c("mean", "total", "ratio", "contrast", "variance")) d <- among(d, q$domain, variables)
  switch(q$kind,
    mean = symmetric(svymean(y, d), d, level),
    total = symmetric(svytotal(y, d), d, level),
    ratio = symmetric(svyratio(y, one_sided(variables[2]), d), d, level),
    contrast = symmetric(contrast(d, variables), d, level)[-6],
    variance = logarithmic(svyvar(y, d), d, level),
    proportion = proportion(d, q, level),
    quantile = quantile_of(d, q, level),
    association = association(d, q),
    difference = difference(d, q, level),
    model = model(d, q))
}

answers <- file(file.path(folder, "answers.csv"), "w")
add <- function(q, term, figures) {
  writeLines(sprintf('%s,%d,"%s",%s,%.17g', q$survey, q$id, term, names(figures), as.numeric(figures)), answers)
}
fail <- function(q, e) writeLines(sprintf('%s,%d,,error,"%s"', q$survey, q$id, gsub('["\n]', " ", conditionMessage(e))), answers)

surveys <- read("surveys.csv")
for (i in seq_len(nrow(surveys))) {
  s <- surveys[i, ]
  options(survey.lonely.psu = s$lonely)
  requests <- read(s$name, ".requests.csv")
  d <- tryCatch(design_of(s, read(s$name, ".csv")), error = identity)
  for (k in seq_len(nrow(requests))) {
    q <- requests[k, ]
    if (inherits(d, "error")) { fail(q, d); next }
    figures <- tryCatch(answer(d, q, s$level), error = function(e) { fail(q, e); NULL })
    if (!is.null(figures)) add(q, "", figures)
  }
}
close(answers)
