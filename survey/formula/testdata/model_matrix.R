# Writes model_matrix.json: Rscript model_matrix.R > model_matrix.json
d <- data.frame(a = c("beta","alpha","Gamma","alpha","beta","Gamma","alpha","beta"),
  g = c("m","f","f","m","m","f","f","m"), x = c(1,2,3,4,5,6,7,8.5), k = c(10,2,2,10,3,3,2,10), stringsAsFactors = FALSE)
formulas <- c("~a", "~a-1", "~a+g", "~a+g-1", "~x+a-1", "~0+x+a+g", "~a*g", "~a:g", "~a:g-1", "~a+a:g", "~g+a:g", "~b+a", "~x:a", "~x+x:a", "~x:a-1", "~a*x", "~x*factor(k)",
  "~factor(k)", "~k+factor(k)", "~g+factor(k):a", "~a*g*x", "~a*g*x-a:g", "~(a+g):x", "~(a+g)*x-1", "~x:g+a", "~g:a+g", "~1", "~x:k", "~a*g-a", "~a*g-1", "~x+1", "~-1+g", "~x:x", "~`odd name`+a", "~a:g:x", "~a+g+a:g:x", "~x+a:g")
d$b <- d$g; d[["odd name"]] <- d$g
q <- function(s) encodeString(s, quote = '"')
rows <- sapply(formulas, function(f) {
  m <- model.matrix(as.formula(f), d)
  sprintf('  {"formula": %s, "names": [%s], "sums": [%s]}', q(f), paste(q(colnames(m)), collapse = ", "), paste(sprintf("%.15g", colSums(m * (1:8)^2)), collapse = ", "))
})
cat('{"source": "', R.version.string, '",\n "cases": [\n', paste(rows, collapse = ",\n"), "\n]}\n", sep = "")
