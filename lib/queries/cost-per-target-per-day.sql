-- What each target cost on each of the last 30 days, and for how much.
with decisions as (
  select *
  from (
    select *, row_number() over (partition by event_id order by dt, hr) as copy
    from events
    where event_type = 'decision'
      and dt >= cast(cast(current_date - interval '30' day as date) as varchar)
  ) as copies
  where copy = 1
)
select
  substr("timestamp", 1, 10) as day,
  coalesce(target_id, 'none') as target,
  count(*) as requests,
  sum(input_tokens) as input_tokens,
  sum(cached_tokens) as cached_tokens,
  sum(reasoning_tokens) as reasoning_tokens,
  sum(output_tokens) as output_tokens,
  sum(cost_usd) as cost_usd,
  sum(cost_usd) / count(*) as cost_per_request_usd,
  count_if(cost_source = 'none') as requests_without_cost,
  count_if(usage_estimated) as requests_with_estimated_usage
from decisions
group by substr("timestamp", 1, 10), coalesce(target_id, 'none')
order by day, cost_usd desc, target
