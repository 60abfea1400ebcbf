# Writes jeffreys.json: the limits of Jeffreys' interval by their formula, for the
# proportions of proportions.json. Run in this folder: Rscript jeffreys.R
library(jsonlite)
given <- fromJSON("proportions.json", simplifyVector = FALSE)
rows <- list()
for (r in given$rows) {
  if (r[[1]] != "beta") next
  p <- r[[2]]; se <- r[[3]]; df <- r[[4]]; n <- r[[5]]; a <- (1 - r[[6]]) / 2
  size <- p * (1 - p) / se^2 * (qt(a, n - 1) / qt(a, df))^2
  limits <- qbeta(c(a, 1 - a), size * p + 1/2, size * (1 - p) + 1/2)
  rows[[length(rows) + 1]] <- list("jeffreys", p, se, df, n, r[[6]], limits[1], limits[2])
}
version <- paste("R", getRversion())
write_json(list(source = paste0(version, ": qbeta, see jeffreys.R"), columns = given$columns, rows = rows),
  "jeffreys.json", auto_unbox = TRUE, digits = NA)
