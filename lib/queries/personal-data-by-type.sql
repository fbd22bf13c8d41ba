-- Findings of personal data in the last 30 days, by type, and in how many requests.
select
  type,
  phase,
  sum(findings) as findings,
  count(distinct event_id) as requests
from (
  select distinct event_id, place, phase, type, findings
  from entity_findings
  where dt >= cast(cast(current_date - interval '30' day as date) as varchar)
) as without_copies
group by type, phase
order by findings desc, type, phase
