---@meta

--- A vision-language model: image encoder, projector, causal decoder.
---@class Model
---@field count integer How many numbers are learned.
---@field hash string SHA-256 over all parameters.
---@field sizes table The sizes of the parts.
---@field words string[] The vocabulary in the order of the ids.
local Model = {}

--- A model with the same parameters in memory of its own.
---@return Model
function Model:clone() end

---@class Model.generate.Options
---@field max_words? integer The longest answer. Default 12.
---@field batch? integer How many prompts are read at once. Default 100.

--- The most probable answers, word by word.
---@param items Items Questions, as from `people:test`.
---@param options? Model.generate.Options
---@return string[] # One answer per item.
function Model:generate(items, options) end

--- What the image encoder hands to the projector.
---@param images Tensor [B, size, size, 3] in -1 ... 1.
---@return Tensor # [B, image_tokens, width]
function Model:image_features(images) end

--- The log-probability of each candidate as the whole answer, in nats.
---@param items Items Questions, as from `people:test`.
---@param candidates string[] Possible answers, such as names.
---@return number[][] # One list per item, in the candidates' order.
function Model:log_probabilities(items, candidates) end

--- The mean loss of the true answers, in nats per word; differentiable.
---@param items Items Questions, as from `people:test`.
---@return Tensor
function Model:loss(items) end

--- One learned tensor; it shares memory with the model.
---@param name string As `parameters` lists it.
---@return Tensor
function Model:parameter(name) end

--- The learned tensors: name, shape and the tensor, which shares the model's memory.
---@param pattern? string `*` stands for any characters.
---@return table[]
function Model:parameters(pattern) end

--- The rank of each true answer among candidates by log-probability; ties count against.
---@param items Items Questions, as from `people:test`.
---@param candidates string[] Possible answers, such as names.
---@return integer[] # 1 is best.
function Model:rank(items, candidates) end

--- Writes a safetensors file and a JSON manifest beside it, each whole or not at all.
---@param path string Where; ends in .safetensors.
---@param notes? table Plain data for the manifest.
function Model:save(path, notes) end

--- Lets go of the object now.
function Model:close() end
