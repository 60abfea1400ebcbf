# Writes trimmed.json: trimmed means of the two-stage sample as means of their
# pseudovalues. Run in this folder: Rscript trimmed.R
library(survey)
library(jsonlite)
d <- read.csv("../../../datasets/reference/twostage.csv")
rows <- list()
for (variable in c("hours_online", "spend", "trust")) for (bracket in c("", "18-24", "65+")) for (a in c(0.05, 0.1, 0.25)) {
  domain <- (bracket == "" | d$age_bracket %in% bracket) & !is.na(d[[variable]])
  y <- d[[variable]][domain]
  share <- cumsum(tapply(d$weight[domain], y, sum)) / sum(d$weight[domain])
  values <- sort(unique(y))
  l <- values[which(share > a + 1e-12)[1]]
  h <- values[which(share >= 1 - a - 1e-12)[1]]
  d$pseudo <- (pmin(pmax(d[[variable]], l), h) - a * (l + h)) / (1 - 2 * a)
  s <- subset(svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = d, nest = TRUE), domain)
  m <- svymean(~pseudo, s)
  limits <- confint(m, df = degf(s))
  rows[[length(rows) + 1]] <- list(variable = variable, bracket = bracket, percent = 100 * a, estimate = coef(m)[[1]], se = SE(m)[[1]],
    low = limits[1], high = limits[2], df = degf(s))
}
write_json(list(source = paste0("R ", getRversion(), ", survey ", packageVersion("survey"), ": svymean, see trimmed.R"), rows = rows),
  "trimmed.json", auto_unbox = TRUE, digits = NA, pretty = TRUE)
