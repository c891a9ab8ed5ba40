-- A verdict per digest from the answers of the JSON log $LOG.
with answers as (
  select replace(regexp_extract("http.request.uri", 'sha256(?::|%3A)[0-9a-f]{64}'), '%3A', ':') as digest,
         "http.request.method" as method, "http.response.status" as status
  from read_json('$LOG', format = 'newline_delimited',
                 columns = {'http.request.uri': 'VARCHAR', 'http.request.method': 'VARCHAR', 'http.response.status': 'INTEGER'})
  where "http.response.status" is not null and contains("http.request.uri", 'sha256')),
digests as (
  select digest,
         count(*) filter (status = 404 and method = 'HEAD') as probed,
         count(*) filter (status = 404 and method = 'GET') as asked,
         count(*) filter (status = 201) as put,
         count(*) filter (status = 202 and method = 'DELETE') as deleted
  from answers group by digest)
select case when asked = 0 then 'probe-only' when deleted > 0 then 'deleted' when put > 0 then 'lost-after-commit'
            else 'never-committed' end as verdict, count(*)
from digests where probed > 0 or asked > 0 group by verdict order by verdict
