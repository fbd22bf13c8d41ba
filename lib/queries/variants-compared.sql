-- The variants of A/B tests side by side, over the last 14 days.
with decisions as (
  select *
  from (
    select *, row_number() over (partition by event_id order by dt, hr) as copy
    from events
    where event_type = 'decision'
      and dt >= cast(cast(current_date - interval '14' day as date) as varchar)
  ) as copies
  where copy = 1
)
select
  variant,
  count(*) as requests,
  cast(count_if(verdict = 'error') as double) / count(*) as error_rate,
  approx_percentile(latency_total_ms, 0.5) as latency_p50_ms,
  approx_percentile(latency_total_ms, 0.95) as latency_p95_ms,
  sum(total_tokens) as tokens,
  sum(cost_usd) / count(*) as cost_per_request_usd,
  cast(count_if(verdict in ('block', 'escalate')) as double) / count(*) as block_rate,
  cast(count_if(verdict = 'redact') as double) / count(*) as redaction_rate
from decisions
where variant is not null
group by variant
order by variant
