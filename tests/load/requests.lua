-- Sends requests that were made beforehand, in their order, and tells the outcome as one line of JSON.

local requests, at = {}, 0

function init(args)
  local file = assert(io.open(args[1], "rb"))
  for text in file:read("*a"):gmatch("[^%z]+") do
    requests[#requests + 1] = text
  end
  file:close()
end

-- Begins anew at the end: for forms that are opened. Sent answers are counted afterwards, so that it would be noticed.
function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests": %d, "microseconds": %d, "failed": %d, "refused": %d, "p50": %d, "p95": %d, "p99": %d}',
    summary.requests, summary.duration, errors.connect + errors.read + errors.write + errors.timeout, errors.status,
    latency:percentile(50), latency:percentile(95), latency:percentile(99)))
end
