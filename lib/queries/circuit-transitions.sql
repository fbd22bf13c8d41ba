-- When targets stopped answering and when they answered again, in the last seven days, as their calls saw it: where
-- a call ended otherwise than the one before it. It reads decision events, not the breaker, which opens after several
-- such failures.
with
  calls as (
    select distinct event_id, place, "timestamp", target_id, status, error
    from target_calls
    where dt >= cast(cast(current_date - interval '7' day as date) as varchar)
    union
    -- With log_all_access: false an allowed request keeps no list of its calls, but the target that answered.
    select event_id, cast(0 as bigint), "timestamp", target_id, http_status, cast(null as varchar)
    from events
    where
      event_type = 'decision'
      and verdict = 'allow'
      and target_id is not null
      and dt >= cast(cast(current_date - interval '7' day as date) as varchar)
      and event_id not in (
        select event_id from target_calls
        where dt >= cast(cast(current_date - interval '7' day as date) as varchar)
      )
  ),
  with_earlier as (
    select
      *,
      error is null as is_answered,
      lag(error is null) over (partition by target_id order by "timestamp", event_id, place) as was_answered
    from calls
  )
select
  "timestamp",
  target_id,
  case when is_answered then 'answers again' else 'stopped answering' end as transition,
  status,
  error,
  event_id
from with_earlier
where is_answered <> coalesce(was_answered, true)
order by "timestamp", target_id, event_id, place
