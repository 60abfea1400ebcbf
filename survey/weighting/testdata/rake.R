# Rscript rake.R: writes a million rows with twelve margins (rake.csv) and the
# specs rake12.yaml and rake6.yaml, then times survey's rake of six of them: it
# tabulates all margins at once, and twelve by five are 244 million cells. Beside it
#   time surveykit weight rake.csv --weight w --spec rake6.yaml -o raked.csv
suppressMessages(library(survey))
set.seed(1); n <- 1e6; k <- 12; shares <- c(0.18, 0.19, 0.20, 0.21, 0.22)
d <- data.frame(lapply(setNames(1:k, paste0("q", 1:k)), function(j) sample(5, n, TRUE)), w = 0.5 + runif(n))
if (!file.exists("rake.csv")) write.csv(d, "rake.csv", row.names = FALSE)
spec <- function(k) c("method: rake", "margins:", sprintf("  q%d: {1: 0.18, 2: 0.19, 3: 0.2, 4: 0.21, 5: 0.22}", 1:k))
for (k in c(12, 6)) writeLines(spec(k), sprintf("rake%d.yaml", k))
targets <- lapply(1:k, function(j) setNames(data.frame(1:5, shares * sum(d$w)), c(paste0("q", j), "Freq")))
s <- svydesign(~1, weights = ~w, data = d)
print(system.time(r <- rake(s, lapply(paste0("~q", 1:k), as.formula), targets, control = list(maxit = 100, epsilon = 1e-9))))
cat(sprintf("sum of squares %.12g, peak %.0f MB\n", sum(weights(r)^2), sum(gc()[, 6])))
