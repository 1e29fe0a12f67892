namespace Formwork.Runtime.Generation;

/// <summary>The search for one text: its living beams, each in a slot of its own, and what is finished.</summary>
internal sealed class BeamGroup
{
    private readonly BeamRules _rules;
    private readonly BeamLimit _limit;
    private readonly int _firstSlot;
    private readonly int[][] _taken; // the tokens that each slot has taken since the prompt
    private readonly List<BeamCandidate> _candidates = [];
    private readonly List<Hypothesis> _finished = [];
    private List<Beam> _living;

    /// <summary>Begins with one beam in the first of its slots, which has taken the prompt.</summary>
    public BeamGroup(BeamRules rules, BeamLimit limit, int firstSlot)
    {
        (_rules, _limit, _firstSlot) = (rules, limit, firstSlot);
        _taken = new int[rules.Beams][];
        Array.Fill(_taken, []);
        _living = [new Beam(firstSlot, [], 0)];
    }

    /// <summary>Whether nothing better can come, or nothing more may.</summary>
    public bool Done { get; private set; }

    /// <summary>The best finished texts, as many as are asked for.</summary>
    public IReadOnlyList<Hypothesis> Best => [.. _finished.Take(_rules.Best)];

    /// <summary>
    /// Takes the most probable continuations of all living beams: those with an end token are finished, if they are among the best as many
    /// as there are beams, and of the others that many go on.
    /// </summary>
    public void Advance(IBeamSequences sequences, CandidateFinder finder)
    {
        _candidates.Clear();
        for (int beam = 0; beam < _living.Count; beam++)
            finder.Find(sequences.Logits(_living[beam].Slot), beam, _living[beam].LogProbability, _candidates);
        _candidates.Sort();
        var chosen = new List<BeamCandidate>(_rules.Beams);
        for (int rank = 0; rank < _candidates.Count && chosen.Count < _rules.Beams; rank++)
        {
            BeamCandidate candidate = _candidates[rank];
            if (!_rules.Ends(candidate.Token))
                chosen.Add(candidate);
            else if (rank < _rules.Beams)
                Finish(_living[candidate.Beam].Tokens, candidate.LogProbability, _living[candidate.Beam].Tokens.Length + 1, FinishReason.EndToken);
        }
        Settle(sequences, chosen);
    }

    /// <summary>Adds each living beam's slot and the token that it is to take.</summary>
    public void AddStep(List<int> slots, List<int> tokens)
    {
        foreach (Beam beam in _living)
        {
            slots.Add(beam.Slot);
            tokens.Add(beam.Tokens[^1]);
            _taken[beam.Slot - _firstSlot] = beam.Tokens;
        }
    }

    private void Settle(IBeamSequences sequences, List<BeamCandidate> chosen)
    {
        if (chosen.Count == 0 || _living[0].Tokens.Length + 1 == _limit.MostTokens)
        {
            foreach (BeamCandidate candidate in chosen)
                Finish([.. _living[candidate.Beam].Tokens, candidate.Token], candidate.LogProbability, _limit.MostTokens, _limit.Reason);
            Done = true;
            return;
        }
        Done = _finished.Count == _rules.Beams && (_rules.Stopping == BeamStopping.FirstFinished || !CanWin(chosen[0]));
        if (!Done)
            _living = Continue(sequences, chosen);
    }

    // A log-probability never rises. Its score is highest at the greatest length, where it is divided by the most.
    private bool CanWin(BeamCandidate best) => _rules.Score(best.LogProbability, _limit.MostTokens) > _finished[^1].Score;

    private void Finish(int[] chosen, double logProbability, int length, FinishReason reason)
    {
        double score = _rules.Score(logProbability, length);
        int place = _finished.FindIndex(other => other.Score < score);
        _finished.Insert(place < 0 ? _finished.Count : place, new Hypothesis([.. _rules.Forced, .. chosen], logProbability, score, reason));
        if (_finished.Count > _rules.Beams)
            _finished.RemoveAt(_rules.Beams);
    }

    // A beam's first continuation stays in its slot. Each further one gets the slot of a beam that nobody continues, and there only the
    // tokens in which the two differ.
    private List<Beam> Continue(IBeamSequences sequences, List<BeamCandidate> chosen)
    {
        var free = Enumerable.Range(_firstSlot, _rules.Beams).ToList();
        foreach (BeamCandidate candidate in chosen)
            free.Remove(_living[candidate.Beam].Slot);
        var stayed = new bool[_living.Count];
        var next = new List<Beam>(chosen.Count);
        foreach (BeamCandidate candidate in chosen)
        {
            Beam parent = _living[candidate.Beam];
            int slot = parent.Slot;
            if (stayed[candidate.Beam])
            {
                slot = free.MaxBy(other => Shared(other, parent.Tokens));
                free.Remove(slot);
                sequences.Copy(parent.Slot, slot, Shared(slot, parent.Tokens));
                _taken[slot - _firstSlot] = parent.Tokens;
            }
            stayed[candidate.Beam] = true;
            next.Add(new Beam(slot, [.. parent.Tokens, candidate.Token], candidate.LogProbability));
        }
        return next;
    }

    private int Shared(int slot, int[] tokens) => _taken[slot - _firstSlot].AsSpan().CommonPrefixLength(tokens);

    private sealed record Beam(int Slot, int[] Tokens, double LogProbability);
}
