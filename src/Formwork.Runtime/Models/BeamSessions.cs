using Formwork.Runtime.Generation;

namespace Formwork.Runtime.Models;

/// <summary>Beam search's slots as sessions of a model: as many for each prompt as there are beams.</summary>
internal sealed class BeamSessions(GenerativeModel model, DecoderSession[] sessions, IReadOnlyList<int[]> prompts, int beams) : IBeamSequences
{
    public int Vocabulary => model.Description.Vocabulary;

    public ReadOnlySpan<float> Logits(int slot) => sessions[slot].Logits;

    public void Step(ReadOnlySpan<int> slots, ReadOnlySpan<int> tokens)
    {
        var stepped = new DecoderSession[slots.Length];
        for (int index = 0; index < slots.Length; index++)
            stepped[index] = sessions[slots[index]];
        model.StepBatch(stepped, tokens);
    }

    public void Copy(int source, int target, int shared)
    {
        bool unused = sessions[target].Position == 0;
        sessions[target].CopyFrom(sessions[source], unused ? 0 : prompts[target / beams].Length + shared);
    }
}
