using System.Globalization;
using Formwork.Runtime;

namespace Formwork.Training.Data;

/// <summary>
/// To find hidden ids (Devlin et al. 2019, section 3.1). Of each sequence's ids, round(share · n) are chosen, at least one, as the authors'
/// code does; most of them are masked, some replaced, some stay, and each is a target. What is chosen follows from the key, the example's
/// number and the place.
/// </summary>
public sealed class MaskedLanguageObjective : Objective
{
    private readonly MaskedLanguageOptions _options;
    private readonly HashSet<int> _special;
    private readonly int[] _ordinary;

    /// <summary>Takes the options.</summary>
    /// <exception cref="InvalidInputException">A share is out of its range, or no id is left to replace others.</exception>
    public MaskedLanguageObjective(MaskedLanguageOptions options)
    {
        _options = options;
        int?[] own = [options.MaskToken, options.Begin, options.End];
        _special = [.. options.SpecialIds, .. own.OfType<int>()];
        _ordinary = [.. Enumerable.Range(0, options.Vocabulary).Where(id => !_special.Contains(id))];
        Require(options.Share is > 0 and <= 1, nameof(options.Share), options.Share, "a share above 0, at most 1");
        Require(options.Masked is >= 0 and <= 1, nameof(options.Masked), options.Masked, "a share from 0 to 1");
        Require(options.Replaced >= 0 && options.Masked + options.Replaced <= 1 + 1e-9, nameof(options.Replaced), options.Replaced, "a share from 0 to what masking leaves");
        Require(_ordinary.Length > 0, nameof(options.SpecialIds), _special.Count, $"fewer than the vocabulary's {options.Vocabulary} ids");
    }

    /// <inheritdoc/>
    public override string Description => string.Create(CultureInfo.InvariantCulture,
        $"masked {_options.Share:R}, {_options.Masked:R}, {_options.Replaced:R} of {_ordinary.Length} ids, mask {_options.MaskToken}");

    /// <inheritdoc/>
    public override int ExtraRows => (_options.Begin is null ? 0 : 1) + (_options.End is null ? 0 : 1);

    /// <inheritdoc/>
    public override TrainingBatch Batch(IReadOnlyList<TrainingExample> examples, ulong key)
    {
        var batch = new BatchWriter();
        foreach (TrainingExample example in examples)
        {
            var random = new CounterGenerator(key).With(example.Number);
            int[] ids = [.. Framing.Around(example.Ids, _options.Begin, _options.End)];
            foreach (int position in Choose(ids, random))
            {
                batch.AddTarget(batch.Rows + position, ids[position]);
                ids[position] = Hide(ids[position], random.With(position));
            }
            batch.AddSequence(ids);
        }
        return batch.Batch();
    }

    // The places whose random numbers are least, in their order.
    private int[] Choose(int[] ids, CounterGenerator random)
    {
        int[] places = [.. Enumerable.Range(0, ids.Length).Where(position => !_special.Contains(ids[position]))];
        if (places.Length == 0)
            return [];
        int count = Math.Max(1, (int)Math.Round(_options.Share * places.Length));
        ulong[] ranks = [.. places.Select(position => random.Bits(position))];
        Array.Sort(ranks, places);
        int[] chosen = places[..count];
        Array.Sort(chosen);
        return chosen;
    }

    private int Hide(int id, CounterGenerator random)
    {
        double drawn = random.Unit(0);
        if (drawn < _options.Masked)
            return _options.MaskToken;
        return drawn < _options.Masked + _options.Replaced ? _ordinary[random.Below(1, _ordinary.Length)] : id;
    }

    private static void Require(bool holds, string option, object found, string expected)
    {
        if (!holds)
            throw new InvalidInputException(option, null, FormattableString.Invariant($"{found}"), expected, "Change the option.");
    }
}
