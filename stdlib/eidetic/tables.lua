-- Numbers with their intervals and the tables that `eidetic probe` prints.

local M = {}

--- A number with three digits at most after the point; `?` for a missing one.
---@param value number?
---@return string
function M.number(value)
  if not value then return "?" end
  return (("%.3f"):format(value):gsub("(%.%d-)0+$", "%1"):gsub("%.$", ""):gsub("^%-0$", "0"))
end

--- An interval, with a space in front, or nothing.
---@param part { low: number?, high: number? }
---@return string
function M.range(part)
  if not part.low then return "" end
  return (" [%s, %s]"):format(M.number(part.low), M.number(part.high))
end

local function width(cell) return utf8.len(cell) or #cell end

--- Rows as lines, each column as wide as it needs to be.
---@param rows string[][]
---@return string[]
function M.aligned(rows)
  local widths, lines = {}, {}
  for _, row in ipairs(rows) do
    for k, cell in ipairs(row) do widths[k] = math.max(widths[k] or 0, width(cell)) end
  end
  for i, row in ipairs(rows) do
    local cells = {}
    for k, cell in ipairs(row) do cells[k] = cell .. (" "):rep(widths[k] - width(cell)) end
    lines[i] = ("  " .. table.concat(cells, "   ")):gsub("%s+$", "")
  end
  return lines
end

--- What a mean is printed beside.
M.head = { "mean [95 % interval]", "chance", "never-trained people" }

--- A mean as cells: mean with interval, chance level, control with interval.
---@param part table As a probe's result or one of its parts.
---@return string[]
function M.cells(part)
  local control = part.control and M.number(part.control.mean) .. M.range(part.control) or ""
  return { M.number(part.mean) .. M.range(part), part.chance and M.number(part.chance) or "",
           control }
end

--- A score of the whole group, with that of the never-trained people.
---@param score eidetic.ProbeScore
---@param control eidetic.ProbeScore?
---@return string
function M.score(score, control)
  local twin = control and (" (never-trained people %s)"):format(M.number(control.value)) or ""
  local note = score.note and "; " .. score.note or ""
  return ("%s: %s%s%s%s"):format(score.name, M.number(score.value), M.range(score), twin, note)
end

--- Parts and scores of a result, as lines.
---@param result table
---@return string[]
function M.details(result)
  local rows, lines, controls = {}, {}, {}
  if #result.parts > 0 then rows[1] = { "part", table.unpack(M.head) } end
  for _, part in ipairs(result.parts) do
    rows[#rows + 1] = { part.name, table.unpack(M.cells(part)) }
  end
  if #rows > 0 then lines[1] = "" end
  for _, line in ipairs(M.aligned(rows)) do lines[#lines + 1] = line end
  for _, score in ipairs(result.control_scores or {}) do controls[score.name] = score end
  if #result.scores > 0 then lines[#lines + 1] = "" end
  for _, score in ipairs(result.scores) do
    lines[#lines + 1] = "  " .. M.score(score, controls[score.name])
  end
  return lines
end

return M
