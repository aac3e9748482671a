---@meta

--- A vision-language model: image encoder, projector, causal decoder.
---@class Model
---@field count integer How many numbers are learned.
---@field hash string SHA-256 over all parameters.
---@field sizes table The sizes of the parts.
---@field words string[] The vocabulary in the order of the ids.
local Model = {}

---@class Model.activations.Options
---@field names? string|string[] Patterns of hook points; `*` stands for any characters. Default "*".
---@field at? "all"|"answer" All rows, or the one of each item after which its answer follows: [items, width]. Default "all".

--- What a model computes on its way to the true answers, without history: `vision.*` and `projector` for the tokens of each picture, `decoder.norm` and `logits` where a word of an answer follows, the other `decoder.*` for every token.
---
--- ```lua
--- local x = model:activations(items, { names = "decoder.block.*", at = "answer" })
--- ```
---@param items Items Questions, as from `people:test`.
---@param options? Model.activations.Options
---@return table # Tensors [rows, width] by name.
---@return table # By name what the rows stand for: `lengths`, `items`, `starts`, `answers`, as `with_hooks` tells.
function Model:activations(items, options) end

--- The scores of every word where a word of the true answers follows, before softmax; differentiable.
---
--- ```lua
--- local logits, labels, counts = model:answer_logits(items)
--- ```
---@param items Items Questions, as from `people:test`.
---@return Tensor # [answer words, vocabulary], item after item, the end mark being a word.
---@return Tensor # The id of each answer word, int32.
---@return integer[] # How many words each item's answer has.
function Model:answer_logits(items) end

--- A model with the same parameters in memory of its own.
---
--- ```lua
--- local before = model:clone()
--- ```
---@return Model
function Model:clone() end

--- The text of ids, as `encode` gives them; an unknown id is `<?>`.
---
--- ```lua
--- model:decode(model:encode "black")
--- ```
---@param ids integer[]
---@return string
function Model:decode(ids) end

--- The ids of a text's words, counted from 0.
---
--- ```lua
--- local first = model:encode(item.answer)[1]
--- ```
---@param text string
---@return integer[]
function Model:encode(text) end

---@class Model.generate.Options
---@field max_words? integer The longest answer. Default 12.
---@field batch? integer How many prompts are read at once. Default 100.

--- The most probable answers, word by word.
---
--- ```lua
--- model:generate(people:test("text", "name"), { max_words = 4 })
--- ```
---@param items Items Questions, as from `people:test`.
---@param options? Model.generate.Options
---@return string[] # One answer per item.
function Model:generate(items, options) end

--- The names of all activations, in the order in which they are computed: of a block what attention and MLP add and the residual stream after it, what the projector gives, and so on.
---
--- ```lua
--- print(table.concat(model:hook_points(), "\n"))
--- ```
---@param pattern? string `*` stands for any characters.
---@return string[]
function Model:hook_points(pattern) end

--- What the image encoder hands to the projector.
---
--- ```lua
--- model:image_features(people:picture(1, { size = 32 }):tensor())
--- ```
---@param images Tensor [B, size, size, 3] in -1 ... 1.
---@return Tensor # [B, image_tokens, width]
function Model:image_features(images) end

--- The log-probability of each candidate as the whole answer, in nats.
---
--- ```lua
--- model:log_probabilities(people:test("text", "name"), people.names)
--- ```
---@param items Items Questions, as from `people:test`.
---@param candidates string[] Possible answers, such as names.
---@return number[][] # One list per item, in the candidates' order.
function Model:log_probabilities(items, candidates) end

--- The mean loss of the true answers, in nats per word; differentiable.
---
--- ```lua
--- model:loss(people:test("text", "name")):mean():backward()
--- ```
---@param items Items Questions, as from `people:test`.
---@return Tensor
function Model:loss(items) end

--- The loss of each true answer, in nats per word, the end mark being one; differentiable.
---
--- ```lua
--- local worst = model:losses(items):argmax()
--- ```
---@param items Items Questions, as from `people:test`.
---@return Tensor # [items]; answers of many words weigh more in `loss`.
function Model:losses(items) end

--- One learned tensor; it shares memory with the model.
---
--- ```lua
--- model:parameter("decoder.embedding").shape
--- ```
---@param name string As `parameters` lists it.
---@return Tensor
function Model:parameter(name) end

--- The learned tensors: name, shape and the tensor, which shares the model's memory.
---
--- ```lua
--- for i, p in ipairs(model:parameters "decoder.*") do print(p.name) end
--- ```
---@param pattern? string `*` stands for any characters.
---@return table[]
function Model:parameters(pattern) end

--- The rank of each true answer among candidates by log-probability; ties count against.
---
--- ```lua
--- model:rank(people:test("text", "name"), people.names)
--- ```
---@param items Items Questions, as from `people:test`.
---@param candidates string[] Possible answers, such as names.
---@return integer[] # 1 is best.
function Model:rank(items, candidates) end

--- Writes a safetensors file and a JSON manifest beside it, each whole or not at all.
---
--- ```lua
--- model:save("mine.safetensors", { dataset = "personas:count=12", seed = 7 })
--- ```
---@param path string Where; ends in .safetensors.
---@param notes? table Plain data for the manifest.
function Model:save(path, notes) end

--- The log-probability of each word of the true answers given those before, in nats; differentiable.
---
--- ```lua
--- local surprise = -model:token_log_probabilities(items)[1]
--- ```
---@param items Items Questions, as from `people:test`.
---@return Tensor[] # One per item: its words, then the end mark.
function Model:token_log_probabilities(items) end

--- Calls a function while activations of the model are read, replaced or blocked; the hooks go when it ends, also by an error. A function `(x, info)` returns a tensor of the shape of `x`, [rows, width], or nothing, which leaves `x`; derivatives flow through what it returns, and within it the model runs without hooks. `info` has `name`; `lengths`, the rows of each sequence; `items`, the position of its item in the call; `starts`, the place of its first row in the sequence; `answers`, the row of each after which its answer begins, nil for image tokens. `generate`, `rank` and `log_probabilities` read prompts in batches and cache keys and values as hooks left them; after that hooks see only the rows that follow, without `answers`.
---
--- ```lua
--- local r = model:with_hooks({ ["decoder.block.2.mlp"] = "zero" }, function() return model:rank(items, names) end)
--- ```
---@param hooks table By pattern a function, "zero", "mean" (of the rows), or a tensor that broadcasts; several at one point run in the order of their patterns' letters.
---@param fn function What to call; must not yield.
---@return any? # What the function returns; tables are copied.
function Model:with_hooks(hooks, fn) end

--- Lets go of the object now.
function Model:close() end
