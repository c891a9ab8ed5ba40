# A verdict per digest from the access lines: HEAD and GET 404, PUT 201 with digest=, DELETE 202.
substr($0, 1, 6) != "time=\"" {
  status = ""
  if (match($0, /" [0-9][0-9][0-9] /)) status = substr($0, RSTART + 2, 3)
  if (match($0, /sha256(:|%3A)[0-9a-f]+/)) {
    digest = substr($0, RSTART, RLENGTH)
    sub(/%3A/, ":", digest)
    if (status == "404") {
      if (index($0, "\"HEAD ")) probed[digest]++; else asked[digest]++
    }
    else if (status == "201") put[digest]++
    else if (status == "202" && index($0, "\"DELETE ")) deleted[digest]++
  }
}
END {
  for (digest in probed) seen[digest]
  for (digest in asked) seen[digest]
  for (digest in seen) {
    if (!(digest in asked)) verdict = "probe-only"
    else if (digest in deleted) verdict = "deleted"
    else if (digest in put) verdict = "lost-after-commit"
    else verdict = "never-committed"
    count[verdict]++
  }
  for (verdict in count) print verdict, count[verdict]
}
