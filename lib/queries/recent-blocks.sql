-- The last 100 requests of seven days that a policy stopped or escalated.
with decisions as (
  select *
  from (
    select *, row_number() over (partition by event_id order by dt, hr) as copy
    from events
    where event_type = 'decision'
      and dt >= cast(cast(current_date - interval '7' day as date) as varchar)
  ) as copies
  where copy = 1
)
select
  "timestamp",
  event_id,
  request_id,
  verdict,
  reason_code,
  policy_name,
  blocked_phase,
  consumer,
  team_id,
  requested_model,
  target_id
from decisions
where verdict in ('block', 'escalate')
order by "timestamp" desc, event_id
limit 100
