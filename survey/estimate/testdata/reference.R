# Makes reference.csv: what R's survey package makes of estimators and tests
# over datasets/reference. Run it in this folder: Rscript reference.R
suppressMessages(library(survey))
data <- function(name) read.csv(file.path("../../../datasets/reference", name))
linearised <- svydesign(~psu, strata = ~stratum, weights = ~weight, nest = TRUE, data = data("twostage.csv"))
replicated <- svrepdesign(weights = ~weight, repweights = "jkn_", data = data("replicates.csv"), type = "JKn",
                          scale = 1, rscales = rep(0.5, 40), combined.weights = TRUE)
answered <- function(d, ...) {
  for (v in c(...)) d <- d[!is.na(d$variables[[v]]), ]
  d
}
records <- NULL
add <- function(data, call, domain, estimate, se, p = NA) {
  number <- function(x) formatC(as.numeric(x), digits = 17, format = "g")
  records <<- rbind(records, data.frame(data = data, call = call, domain = domain,
    estimate = number(estimate), se = number(se), p = number(p)))
}
report <- function(data, call, domain, r) add(data, call, domain, coef(r)[1], SE(r)[1])

# svyvar's na.rm leaves rows without an answer in n, so they are taken out before
for (domain in c("", "female")) {
  for (name in c("twostage.csv", "replicates.csv")) {
    d <- if (name == "twostage.csv") linearised else replicated
    if (domain != "") d <- d[d$variables$gender == domain, ]
    for (v in c("spend", "trust")) report(name, paste("variance", v), domain, svyvar(as.formula(paste0("~", v)), answered(d, v)))
    report(name, "nps trust", domain, svymean(~I((trust >= 9) - (trust <= 6)), d, na.rm = TRUE))
    report(name, "top_box trust:2", domain, svymean(~as.numeric(trust >= 9), d, na.rm = TRUE))
    report(name, "bottom_box trust:2", domain, svymean(~as.numeric(trust <= 1), d, na.rm = TRUE))
    report(name, "paired concern_identity,concern_behavioral", domain, svymean(~I(concern_identity - concern_behavioral), d, na.rm = TRUE))
  }
  d <- if (domain == "") linearised else linearised[linearised$variables$gender == domain, ]
  for (v in c("spend", "trust")) {
    r <- svyvar(as.formula(paste0("~", v)), answered(d, v))
    add("twostage.csv", paste("sd", v), domain, sqrt(r[1]), SE(r)[1] / (2 * sqrt(r[1])))
  }
  report("twostage.csv", "geometric_mean age", domain, svycontrast(svymean(~log(age), d), quote(exp(`log(age)`))))
  # the correlation as a function of the means of x, y, x², xy and y²
  b <- answered(d, "spend", "trust")
  b <- update(b, x = spend - mean(spend), y = trust - mean(trust))
  b <- update(b, xx = x^2, xy = x * y, yy = y^2)
  m <- svymean(~x + y + xx + xy + yy, b)
  report("twostage.csv", "correlation spend,trust", domain, svycontrast(m, quote((xy - x * y) / sqrt((xx - x^2) * (yy - y^2)))))
}

# smooth functions of several means; each of the three is answered by everybody here
d <- answered(linearised, "spend", "hours_online", "trust")
m <- svymean(~spend + hours_online + trust, d)
where <- "valid(spend) and valid(hours_online) and valid(trust)"
report("twostage.csv", "contrast mean(spend) / mean(hours_online) - 1", where, svycontrast(m, quote(spend / hours_online - 1)))
report("twostage.csv", "contrast log(mean(spend)) - sqrt(mean(trust)) * exp(-mean(hours_online) / 2)", where,
       svycontrast(m, quote(log(spend) - sqrt(trust) * exp(-hours_online / 2))))
m <- svytotal(~spend + hours_online + trust, d)
report("twostage.csv", "contrast total(spend) / (total(trust) + 2 * total(hours_online))", where,
       svycontrast(m, quote(spend / (trust + 2 * hours_online))))

# a part against the rest and the total: totals of indicators, whose covariance is joint
d <- answered(linearised, "trust", "gender")
d <- update(d, f = as.numeric(gender == "female"), one = 1, y = trust)
d <- update(d, fy = f * y, g = 1 - f, gy = (1 - f) * y)
m <- svytotal(~f + fy + g + gy + y + one, d)
report("twostage.csv", "rest trust", "", svycontrast(m, quote(fy / f - gy / g)))
report("twostage.csv", "total trust", "", svycontrast(m, quote(fy / f - y / one)))
report("twostage.csv", "index trust", "", svycontrast(m, quote(100 * (fy / f) / (y / one))))

# svyranktest ranks ties by the order of rows: untied is spend with its ties
# broken, and the median test depends on no such order
broken <- update(linearised, untied = spend + respondent_id * 1e-6)
for (g in c("gender", "age_bracket")) for (call in c("wilcoxon untied", "median untied", "median hours_online")) {
  word <- strsplit(call, " ")[[1]]
  r <- svyranktest(as.formula(paste(word[2], "~", g)), answered(broken, word[2], g), test = word[1])
  statistic <- if (g == "gender") r$statistic else r$parameter / r$statistic
  add("twostage.csv", paste(call, g), "", statistic, NA, r$p.value)
}
out <- file("reference.csv", "w")
writeLines(paste0("# ", R.version.string, ", survey ", packageVersion("survey")), out)
write.csv(records, out, row.names = FALSE)
close(out)
