# Writes nonresponse.json: Rscript nonresponse.R > nonresponse.json
# Weights for non-response and for volunteers, made anew for each jackknife
# replicate of survey's as.svrepdesign; propensities are stats::glm's.
suppressMessages(library(survey))
d <- read.csv("../../../datasets/reference/twostage.csv")
d$responded <- d$hours_online > 3

logit <- function(formula, data, w) {
  data$.w <- w / mean(w[w > 0])
  fitted(glm(formula, quasibinomial, data[w > 0, ], weights = .w, control = list(epsilon = 1e-14, maxit = 100)))
}
propensity <- function(w, data) replace(rep(1, nrow(data)), w > 0, logit(responded ~ factor(age_bracket) + gender, data, w))
share <- function(w, data, class) {
  all <- tapply(w, class, sum); answered <- tapply(w * data$responded, class, sum)
  ifelse(data$responded, w * (all / answered)[as.character(class)], 0)
}
fifth <- floor(5 * (rank(propensity(d$weight, d), ties.method = "min") - 1) / nrow(d)) # fixed, as classes are
volunteer <- d$wave == 2011
methods <- list(
  "{method: nonresponse, respondents: hours_online > 3, classes: [age_bracket, gender]}" =
    function(w, data) share(w, data, paste(data$age_bracket, data$gender)),
  "{method: nonresponse, respondents: hours_online > 3, formula: ~ age_bracket + gender, adjust: inverse}" =
    function(w, data) ifelse(data$responded, w / propensity(w, data), 0),
  "{method: nonresponse, respondents: hours_online > 3, formula: ~ age_bracket + gender, adjust: quintiles}" =
    function(w, data) share(w, data, fifth))
s <- as.svrepdesign(svydesign(~psu, strata = ~stratum, weights = ~weight, data = d, nest = TRUE), type = "JKn")
q <- function(s) encodeString(s, quote = '"')
record <- function(spec, w, mean, se) sprintf('  {"spec": %s, "sum": %.15g, "squares": %.15g, "weights": [%s], "mean": %.15g, "se": %s}',
  q(spec), sum(w), sum(w^2), paste(sprintf("%.15g", head(w, 12)), collapse = ", "), mean, se)
rows <- sapply(names(methods), function(spec) {
  m <- withReplicates(s, function(w, data) { w <- methods[[spec]](w, data); sum(w * data$read_policy) / sum(w) })
  record(spec, methods[[spec]](d$weight, d), coef(m), sprintf("%.15g", SE(m)))
})
# volunteers: everybody of 2011 counts 1, against the weighted people of 2008
w <- ifelse(volunteer, 1, d$weight); d$sample <- volunteer
p <- fitted(glm(sample ~ factor(age_bracket) + gender, quasibinomial, d, weights = w, control = list(epsilon = 1e-14, maxit = 100)))
w <- ((1 - p) / p)[volunteer]
rows <- c(rows, record("{method: propensity, formula: ~ age_bracket + gender, reference: {file: reference.csv, weight: weight}}",
  w, sum(w * d$read_policy[volunteer]) / sum(w), "null"))
cat('{"source": "', R.version.string, ", survey ", as.character(packageVersion("survey")), '",\n "cases": [\n', paste(rows, collapse = ",\n"), "\n]}\n", sep = "")
