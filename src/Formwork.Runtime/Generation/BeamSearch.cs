using System.Runtime.InteropServices;

namespace Formwork.Runtime.Generation;

/// <summary>
/// Beam search over several texts at once: the beams of all that are not done are rows of one pass. What is found for one does not depend on
/// the others.
/// </summary>
internal sealed class BeamSearch
{
    private readonly IBeamSequences _sequences;
    private readonly CandidateFinder _finder;
    private readonly BeamGroup[] _groups;

    /// <summary>Prepares a search; text n has the slots from n · beams on, and the first of them has taken its prompt.</summary>
    public BeamSearch(IBeamSequences sequences, BeamRules rules, IReadOnlyList<BeamLimit> limits)
    {
        _sequences = sequences;
        _finder = new CandidateFinder(sequences.Vocabulary, rules);
        _groups = [.. limits.Select((limit, index) => new BeamGroup(rules, limit, index * rules.Beams))];
    }

    /// <summary>Runs it; the best texts for each prompt, best first.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IReadOnlyList<Hypothesis>[] Run(CancellationToken cancellation)
    {
        var slots = new List<int>();
        var tokens = new List<int>();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            slots.Clear();
            tokens.Clear();
            foreach (BeamGroup group in _groups.Where(group => !group.Done))
            {
                group.Advance(_sequences, _finder);
                if (!group.Done)
                    group.AddStep(slots, tokens);
            }
            if (slots.Count == 0)
                return [.. _groups.Select(group => group.Best)];
            _sequences.Step(CollectionsMarshal.AsSpan(slots), CollectionsMarshal.AsSpan(tokens));
        }
    }
}
