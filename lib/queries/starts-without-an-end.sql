-- Requests of the last seven days whose target was called and whose decision never came; those that may still run
-- are left out. Any line here is to be looked into.
with
  records as (
    select *
    from events
    where dt >= cast(cast(current_date - interval '8' day as date) as varchar)
  ),
  ended as (
    select distinct event_id
    from records
    where event_type = 'decision'
  )
select distinct
  started."timestamp",
  started.event_id,
  started.decision_id,
  started.request_id,
  started.consumer,
  started.target_id,
  started.chain.writer_id as writer_id
from records as started
left join ended on ended.event_id = started.decision_id
where started.event_type = 'start'
  and ended.event_id is null
  and started.dt >= cast(cast(current_date - interval '7' day as date) as varchar)
  and substr(started."timestamp", 1, 19)
    < replace(substr(cast((current_timestamp at time zone 'UTC') - interval '30' minute as varchar), 1, 19), ' ', 'T')
order by "timestamp", event_id
