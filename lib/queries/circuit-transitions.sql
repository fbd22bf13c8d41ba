-- When targets stopped answering and when they answered again, in the last seven days, as their calls saw it: where
-- a call ended otherwise than the one before it.
with
  calls as (
    select distinct event_id, place, "timestamp", target_id, status, error
    from target_calls
    where dt >= cast(cast(current_date - interval '7' day as date) as varchar)
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
