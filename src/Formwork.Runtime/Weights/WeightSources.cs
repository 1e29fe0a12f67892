namespace Formwork.Runtime.Weights;

/// <summary>Finds every slot's tensor in a checkpoint, and says what does not fit.</summary>
internal sealed class WeightSources
{
    private const int MostListed = 8;
    private readonly Checkpoint _checkpoint;
    private readonly WeightTable _table;
    private readonly IReadOnlyList<string> _prefixes;

    private WeightSources(Checkpoint checkpoint, WeightTable table) =>
        (_checkpoint, _table, _prefixes) = (checkpoint, table, table.Prefixes.Count == 0 ? [""] : table.Prefixes);

    /// <summary>
    /// Where the values of each matrix of the table are, in its order, all in tensors of the right shape and type; no tensor is left over.
    /// Experts are matrices of their own.
    /// </summary>
    /// <exception cref="InvalidInputException">Something is missing, left over or does not fit.</exception>
    public static IReadOnlyList<WeightSource> Find(Checkpoint checkpoint, WeightTable table)
    {
        table = table with { Slots = Expanded(table.Slots) };
        var sources = new WeightSources(checkpoint, table);
        var tensors = table.Slots.Select(sources.Find).ToArray();
        sources.CheckMissing(tensors);
        for (int i = 0; i < tensors.Length; i++)
            sources.CheckFits(table.Slots[i], tensors[i]!);
        sources.CheckSurplus(tensors!);
        return [.. table.Slots.Zip(tensors, (slot, tensor) => Unstacked(slot, tensor!)).SelectMany(source => source)];
    }

    /// <summary>The slots, with one an expert where each has a tensor of its own.</summary>
    public static IReadOnlyList<WeightSlot> Expanded(IReadOnlyList<WeightSlot> slots) => slots.Any(slot => slot.HasTensorPerExpert)
        ? [.. slots.SelectMany(slot => slot.HasTensorPerExpert ? Enumerable.Range(0, slot.Experts).Select(slot.Expert) : [slot])]
        : slots;

    private static IEnumerable<WeightSource> Unstacked(WeightSlot slot, TensorInfo tensor) => slot.Experts == 0
        ? [new WeightSource(slot, tensor, 0)]
        : Enumerable.Range(0, slot.Experts).Select(expert => new WeightSource(slot.Expert(expert), tensor, tensor.Count / slot.Experts * expert));

    private TensorInfo? Find(WeightSlot slot)
    {
        foreach (string prefix in _prefixes)
            if (_checkpoint.Tensors.TryGetValue(prefix + slot.Tensor, out var tensor))
                return tensor;
        return null;
    }

    private void CheckMissing(TensorInfo?[] tensors)
    {
        var missing = _table.Slots.Where((_, i) => tensors[i] is null).ToArray();
        if (missing.Length == 0)
            return;
        if (missing.Length > tensors.Length - missing.Length)
            throw new InvalidInputException(_checkpoint.Path, null, $"tensors of another layout ({List(_checkpoint.Tensors.Keys)})",
                $"those of layout `{_table.Layout}`, which {_table.Model} has ({List(missing.Select(slot => slot.Tensor).Distinct())})",
                "Name the file's layout in the spec (`weights: {layout: …}`), or write one there.");
        var slot = missing[0];
        string others = missing.Length == 1 ? "" : $", and {missing.Length - 1} more of {_table.Slots.Count} parameters lack theirs";
        string nearest = NearestName.Find(slot.Tensor, _checkpoint.Tensors.Keys) is { } name ? $" (nearest is `{name}`)" : "";
        throw new InvalidInputException(_checkpoint.Path, slot.Tensor, $"no such tensor{nearest}{others}", $"it, for {_table.Model}'s {slot.Parameter}",
            slot.Parameter == "unembedding.weight"
                ? "If the file's unembedding is its embedding, say so in the spec: `embedding: {tied: true}`."
                : "Give the weights of this model, or correct the spec's sizes or weight layout.");
    }

    private void CheckFits(WeightSlot slot, TensorInfo tensor)
    {
        long[] shape = slot.TensorShape(slot.Transposed);
        // Some stored tables begin with a batch of one.
        if (!tensor.Shape.SkipWhile(size => size == 1).SequenceEqual(shape.SkipWhile(size => size == 1)) && !(slot.IsVector && tensor.Shape.Where(size => size != 1).SequenceEqual(shape.Where(size => size != 1))))
            throw new InvalidInputException(_checkpoint.Path, tensor.Name, $"shape {tensor.ShapeText}", $"{TensorInfo.Text(shape)}, for {_table.Model}'s {slot.Parameter}",
                tensor.Shape.SequenceEqual(slot.TensorShape(!slot.Transposed))
                    ? $"The file stores it the other way round than layout `{_table.Layout}` says: change `transposed` for it in the weight layout."
                    : "Give the weights of this model, or correct the spec's sizes or weight layout.");
        if (!tensor.Type.CanBeRead())
            throw new InvalidInputException(_checkpoint.Path, tensor.Name, $"elements of type {tensor.Type.Name()}", "F32, F16 or BF16",
                "Save the weights as one of these.");
    }

    private void CheckSurplus(TensorInfo[] tensors)
    {
        var used = tensors.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        var surplus = _checkpoint.Tensors.Keys.Where(name => !used.Contains(name) && !IsIgnored(name)).Order(StringComparer.Ordinal).ToArray();
        if (surplus.Length > 0)
            throw new InvalidInputException(_checkpoint.Path, surplus[0], $"{surplus.Length} tensors that no parameter of {_table.Model} needs ({List(surplus)})",
                "only the model's own",
                "Correct the spec (its layers, biases, norms or tied embedding); or, if the model works without them, add them to `ignored` in the weight layout.");
    }

    private bool IsIgnored(string name) => _table.Ignored.Any(pattern =>
        _prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal) && Matches(pattern, name.AsSpan(prefix.Length))) || Matches(pattern, name));

    // Goes back to the last star only: longer matches of earlier ones are never needed.
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int at = 0, star = -1, starAt = 0, i = 0;
        while (i < name.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
                (star, starAt, at) = (at, i, at + 1);
            else if (at < pattern.Length && pattern[at] == name[i])
                (at, i) = (at + 1, i + 1);
            else if (star >= 0)
                (at, starAt, i) = (star + 1, starAt + 1, starAt + 1);
            else
                return false;
        }
        return pattern[at..].TrimStart('*').IsEmpty;
    }

    private static string List(IEnumerable<string> names)
    {
        var first = names.Take(MostListed + 1).ToArray();
        return string.Join(", ", first.Take(MostListed)) + (first.Length > MostListed ? ", …" : "");
    }
}
