# Rscript clogit.R writes clogit.json: best-worst choices of 40 people with weights,
# 6 tasks each of 4 of 5 items, a few best or worst ones missing, and survival's
# conditional logit of them: each choice a stratum, the worst by the items' negatives,
# errors clustered by person, utilities turned to add to 0.
suppressMessages(library(survival))
set.seed(8); u <- c(1, 0.5, 0, -0.5, -1); people <- 40; weights <- round(runif(people, 0.5, 3), 2)
tasks <- NULL; rows <- NULL
for (i in 1:people) for (t in 1:6) {
  shown <- sample(5, 4); taste <- u + rnorm(5)
  best <- sample(shown, 1, prob = exp(taste[shown])); left <- setdiff(shown, best); worst <- sample(left, 1, prob = exp(-taste[left]))
  if (runif(1) < 0.05) best <- NA
  if (runif(1) < 0.05) worst <- NA
  if (is.na(best)) left <- shown
  tasks <- rbind(tasks, c(i, shown, best, worst) - 1)
  for (way in c(1, -1)) {
    from <- if (way > 0) shown else left; chosen <- if (way > 0) best else worst
    if (!is.na(chosen)) for (j in from) rows <- rbind(rows, c(i, 2 * nrow(tasks) + (way > 0), j == chosen, way * (1:4 == j) - way * (j == 5)))
  }
}
d <- setNames(as.data.frame(rows), c("person", "stratum", "chosen", paste0("u", 1:4))); d$w <- weights[d$person]
f <- clogit(chosen ~ u1 + u2 + u3 + u4 + strata(stratum), d, weights = w, cluster = person, robust = TRUE, method = "breslow", control = coxph.control(eps = 1e-12, toler.chol = 1e-13, iter.max = 50))
# Breslow's likelihood has the weights in its sums, too: Σ w ln w, whatever the utilities.
log.likelihood <- (f$loglik + sum((d$w * log(d$w))[d$chosen == 1])) * people / sum(weights)
turn <- rbind(diag(4), -1)
out <- list(program = paste("R", getRversion(), "survival", packageVersion("survival")), weights = weights, tasks = unname(tasks),
  utilities = drop(turn %*% coef(f)), errors = sqrt(diag(turn %*% vcov(f) %*% t(turn))), log_likelihood = log.likelihood[2], chance = log.likelihood[1])
jsonlite::write_json(out, "clogit.json", digits = 14, auto_unbox = TRUE, na = "null")
