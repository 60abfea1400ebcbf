# Rscript importance.R writes importance.json: Shapley's parts of R² as the mean over
# all orders of what lm() gains, and Johnson's relative weights by their matrices,
# of R's data sets swiss (weights 2, 3, 1 in turn) and mtcars (cyl and gear as
# factors, each one driver), and of the latent outcome of a logistic model by glm().
orders <- function(v) if (length(v) < 2) list(v) else do.call(c, lapply(v, function(i) lapply(orders(setdiff(v, i)), function(o) c(i, o))))
shapley <- function(r2, k) {
  known <- new.env(); at <- function(s) { key <- paste(c("k", sort(s)), collapse = " "); if (is.null(known[[key]])) known[[key]] <- r2(s); known[[key]] }
  rowMeans(sapply(orders(1:k), function(o) { gain <- numeric(k); for (i in 1:k) gain[o[i]] <- at(o[1:i]) - at(o[seq_len(i - 1)]); gain }))
}
lm.r2 <- function(y, drivers, data, w) function(s) if (length(s) == 0) 0 else summary(lm(reformulate(drivers[s], y), data, weights = w))$r.squared
johnson <- function(r, ry) { e <- eigen(r); root <- e$vectors %*% diag(sqrt(e$values)) %*% t(e$vectors); drop(root^2 %*% solve(root, ry)^2) }
s <- transform(swiss, w = 1 + 1:47 %% 3); x <- names(swiss)[-1]
r <- cov.wt(s[c(x, "Fertility")], s$w, cor = TRUE)$cor
cars <- transform(mtcars, cyl = factor(cyl), gear = factor(gear)); drivers <- c("cyl", "gear", "hp", "wt")
f <- glm(vs ~ wt + mpg + gear, binomial, mtcars, control = list(epsilon = 1e-14)); b <- coef(f)[-1]
C <- cov.wt(mtcars[c("wt", "mpg", "gear")], method = "ML")$cov; with <- drop(C %*% b); total <- sum(b * with) + pi^2 / 3
latent <- function(s) if (length(s) == 0) 0 else drop(with[s] %*% solve(C[s, s], with[s])) / total
sd <- sqrt(diag(C))
out <- list(program = paste("R", getRversion()),
  swiss = list(r2 = lm.r2("Fertility", x, s, s$w)(1:5), shapley = shapley(lm.r2("Fertility", x, s, s$w), 5), johnson = unname(johnson(r[x, x], r[x, "Fertility"]))),
  cars = list(r2 = lm.r2("mpg", drivers, cars, NULL)(1:4), shapley = shapley(lm.r2("mpg", drivers, cars, NULL), 4)),
  logistic = list(vs = mtcars$vs, gear = mtcars$gear, beta = unname(b), r2 = latent(1:3), shapley = shapley(latent, 3),
    johnson = unname(johnson(C / outer(sd, sd), with / sd / sqrt(total)))))
jsonlite::write_json(out, "importance.json", digits = 14, auto_unbox = TRUE)
