# Rscript ca.R writes ca.json: what package ca says of three tables. The first two
# are its own data sets; the third has weights for counts, and empty cells.
library(ca)
answer <- function(name, table, extra = NULL) {
  m <- as.matrix(rbind(table, extra)); dimnames(m) <- list(seq_len(nrow(m)), seq_len(ncol(m)))
  a <- ca(m, suprow = if (is.null(extra)) NA else nrow(m))
  s <- summary(a)
  list(name = name, table = unname(m[seq_len(nrow(table)), ]), extra = unname(extra), inertia = a$sv^2,
    rows = list(mass = na.omit(a$rowmass), inertia = na.omit(a$rowinertia), standard = unname(a$rowcoord[seq_len(nrow(table)), ]),
      quality = head(s$rows$` qlt`, nrow(table)), contribution = head(s$rows$ctr, nrow(table)), second = head(s$rows[[10]], nrow(table))),
    columns = list(mass = a$colmass, inertia = a$colinertia, standard = unname(a$colcoord),
      quality = s$columns$` qlt`, contribution = s$columns$ctr, second = s$columns[[10]]),
    projected = if (!is.null(extra)) a$rowcoord[nrow(m), ] * a$sv)
}
data(smoke); data(author)
set.seed(4); weights <- matrix(round(rexp(24) * 10, 2), 6); weights[2, 3] <- weights[5, 1] <- 0
out <- list(program = paste("R", getRversion(), "ca", packageVersion("ca")),
  tables = list(answer("smoke", smoke, c(42, 29, 20, 9)), answer("author", author), answer("weights", weights)))
jsonlite::write_json(out, "ca.json", digits = 14, auto_unbox = TRUE, null = "null")
