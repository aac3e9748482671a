-- Values as readable text: sorted keys, limits on depth, width and length, no endless cycles. Reads
-- tables raw, so that looking at a value runs none of its metamethods but `__tostring`.

local M = {}

--- What may be left out, so that any value fits a screen.
M.limits = { width = 80, depth = 4, items = 100, names = 40, nodes = 2000, text = 500 }

local rank = { number = 1, string = 2, boolean = 3 }

local function precedes(a, b)
  local x, y = rank[type(a)] or 4, rank[type(b)] or 4
  if x ~= y then return x < y end
  if x <= 2 then return a < b end
  return tostring(a) < tostring(b)
end

local escapes = { ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t", ["\\"] = "\\\\", ['"'] = '\\"' }

-- Bytes that are no UTF-8 are escaped; a terminal never sees a control character.
local function quote(text, limit)
  local rest = ""
  if limit and #text > limit then
    local cut = limit
    while cut > 1 and (text:byte(cut + 1) or 0) & 0xC0 == 0x80 do cut = cut - 1 end
    rest = (" … (%d bytes)"):format(#text)
    text = text:sub(1, cut)
  end
  local pattern = utf8.len(text) and '[%c\\"\127]' or '[%c\\"\127-\255]'
  local body = text:gsub(pattern, function(c) return escapes[c] or ("\\%03d"):format(c:byte()) end)
  return '"' .. body .. '"' .. rest
end

local keywords = {}
for word in ("and break do else elseif end false for function goto if in local nil not or repeat "
  .. "return then true until while"):gmatch "%a+" do
  keywords[word] = true
end

local function key_text(key)
  if type(key) == "string" then
    if key:find "^[%a_][%w_]*$" and not keywords[key] then return key end
    return "[" .. quote(key, 60) .. "]"
  end
  return "[" .. tostring(key) .. "]"
end

-- A failing `__tostring` must not hide the value that has it.
local function own_text(value)
  local fine, text = pcall(tostring, value)
  return fine and text or ("(__tostring failed: %s)"):format(tostring(text))
end

local function first_line(text)
  local line = text:match "^[^\n]*"
  return line
end

local function has_text(value)
  local meta = getmetatable(value)
  return type(meta) == "table" and rawget(meta, "__tostring") ~= nil
end

local function width_of(text) return utf8.len(text) or #text end

local Writer = {}
Writer.__index = Writer

function Writer:scalar(value, is_inner)
  local kind = type(value)
  if kind == "string" then return quote(value, self.limits.text) end
  if kind == "table" or kind == "userdata" or kind == "function" or kind == "thread" then
    local label = self.label and self.label(value)
    if label then return label end
  end
  local text = own_text(value)
  return is_inner and first_line(text) or text
end

-- The entries of a table as pairs of key text and value: positions first, then sorted names.
function Writer:entries(t)
  local entries, count = {}, 0
  while rawget(t, count + 1) ~= nil do
    count = count + 1
    if count <= self.limits.items then entries[count] = { value = rawget(t, count) } end
  end
  local left_out = math.max(0, count - self.limits.items)
  local keys = {}
  for key in next, t do
    local is_position = math.type(key) == "integer" and key >= 1 and key <= count
    if not is_position then keys[#keys + 1] = key end
  end
  table.sort(keys, precedes)
  for i, key in ipairs(keys) do
    if i > self.limits.names then
      left_out = left_out + #keys - self.limits.names
      break
    end
    entries[#entries + 1] = { key = key_text(key), value = rawget(t, key) }
  end
  return entries, left_out, #keys == 0
end

function Writer:table(t, depth, indent)
  if self.open[t] then return "{ cycle }" end
  if next(t) == nil then return "{}" end
  if depth > self.limits.depth or self.nodes > self.limits.nodes then return "{ … }" end
  self.open[t] = true
  local entries, left_out, is_list = self:entries(t)
  local parts = {}
  for i, entry in ipairs(entries) do
    self.nodes = self.nodes + 1
    local head = entry.key and entry.key .. " = " or ""
    parts[i] = head .. self:value(entry.value, depth + 1, indent + 2)
  end
  if left_out > 0 then parts[#parts + 1] = ("… %d more"):format(left_out) end
  self.open[t] = nil
  return self:layout(parts, indent, is_list)
end

-- On one line if it fits; short list items run together; else a line each.
function Writer:layout(parts, indent, is_list)
  local width, widest, is_flat = 4, 0, true
  for _, part in ipairs(parts) do
    width = width + width_of(part) + 2
    widest = math.max(widest, width_of(part))
    is_flat = is_flat and not part:find "\n"
  end
  local room = math.max(20, self.limits.width - indent)
  if is_flat and width <= room then return "{ " .. table.concat(parts, ", ") .. " }" end
  local pad = (" "):rep(indent + 2)
  if not (is_list and is_flat and widest <= 20) then
    return "{\n" .. pad .. table.concat(parts, ",\n" .. pad) .. "\n" .. (" "):rep(indent) .. "}"
  end
  local lines, line, used = {}, {}, 0
  for _, part in ipairs(parts) do
    if used > 0 and used + width_of(part) + 2 > room - 2 then
      lines[#lines + 1], line, used = table.concat(line, ", "), {}, 0
    end
    line[#line + 1], used = part, used + width_of(part) + 2
  end
  lines[#lines + 1] = table.concat(line, ", ")
  return "{\n" .. pad .. table.concat(lines, ",\n" .. pad) .. "\n" .. (" "):rep(indent) .. "}"
end

function Writer:value(value, depth, indent)
  if type(value) == "table" and not has_text(value) and not (self.label and self.label(value)) then
    return self:table(value, depth, indent)
  end
  return self:scalar(value, depth > 1)
end

--- The text of a value.
---@param value any
---@param options { width: integer?, depth: integer?, items: integer?, label: function? }?
--- `label` may give a text for tables and functions that it knows.
---@return string
function M.format(value, options)
  local limits = {}
  for name, limit in pairs(M.limits) do limits[name] = options and options[name] or limit end
  local writer = setmetatable(
    { limits = limits, label = options and options.label, open = {}, nodes = 0 }, Writer)
  return writer:value(value, 1, 0)
end

return M
