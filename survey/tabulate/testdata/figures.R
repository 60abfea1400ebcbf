# Figures of one table by R survey: Rscript figures.R twostage.csv > figures.json
suppressMessages(library(survey))
d <- read.csv(commandArgs(TRUE)[1])
d$male <- as.numeric(d$gender == "male")
d$high <- as.numeric(d$trust >= 8)
valid <- as.numeric(!is.na(d$high))
d$y <- ifelse(is.na(d$high), 0, d$high)
d$a <- d$male * d$y
d$b <- d$male * valid
d$hh <- d$y
d$vv <- valid
d$gap <- d$opted_out - d$would_share
design <- svydesign(ids = ~psu, strata = ~interaction(wave, stratum, drop = TRUE), weights = ~weight, data = d, nest = TRUE)
totals <- svytotal(~a + b + hh + vv, design)
men <- subset(design, male == 1)
figure <- function(name, x) sprintf('  "%s": [%.12g, %.12g]', name, as.numeric(coef(x))[1], as.numeric(SE(x))[1])
quantile <- function(name, p) {
  q <- svyquantile(~age, men, p, interval.type = "mean", qrule = "math", na.rm = TRUE)
  sprintf('  "%s": [%.12g, %.12g]', name, coef(q)[1], SE(q)[1])
}
cat(sprintf('{\n  "source": "%s, survey %s",\n', R.version$version.string, packageVersion("survey")))
cat(paste(c(
  figure("percent", svycontrast(totals, quote(a / b))),
  figure("row_percent", svycontrast(totals, quote(a / hh))),
  figure("total_percent", svycontrast(totals, quote(a / vv))),
  figure("weighted_count", svycontrast(totals, quote(1 * a))),
  figure("index", svycontrast(totals, quote(100 * (a / b) / (hh / vv)))),
  figure("mean", svymean(~age, men, na.rm = TRUE)),
  figure("sd", svycontrast(svyvar(~age, men, na.rm = TRUE), quote(sqrt(age)))),
  quantile("median", 0.5),
  quantile("p90", 0.9),
  figure("gap", svymean(~gap, men, na.rm = TRUE))
), collapse = ",\n"), "\n}\n")
