-- A verdict per digest from the access lines of the text log $LOG.
with answers as (
  select replace(regexp_extract(line, 'sha256(?::|%3A)[0-9a-f]{64}'), '%3A', ':') as digest,
         regexp_extract(line, '"([A-Z]+) ', 1) as method,
         regexp_extract(line, '" ([0-9]{3}) ', 1) as status
  from read_csv('$LOG', delim = '\x01', quote = '', escape = '', header = false, columns = {'line': 'VARCHAR'},
                auto_detect = false, max_line_size = 1048576)
  where not starts_with(line, 'time=') and contains(line, 'sha256')),
digests as (
  select digest,
         count(*) filter (status = '404' and method = 'HEAD') as probed,
         count(*) filter (status = '404' and method = 'GET') as asked,
         count(*) filter (status = '201') as put,
         count(*) filter (status = '202' and method = 'DELETE') as deleted
  from answers group by digest)
select case when asked = 0 then 'probe-only' when deleted > 0 then 'deleted' when put > 0 then 'lost-after-commit'
            else 'never-committed' end as verdict, count(*)
from digests where probed > 0 or asked > 0 group by verdict order by verdict
