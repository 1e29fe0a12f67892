using System.Text;

namespace Formwork.Runtime.Tests.Tokenization;

/// <summary>llama2.c's <c>encode</c>, line by line: look at all neighbours, merge the best, begin again.</summary>
internal sealed class Llama2CReference
{
    private readonly List<string> _pieces = [];
    private readonly List<float> _scores = [];

    public Llama2CReference(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path), Encoding.Latin1);
        reader.ReadInt32();
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            _scores.Add(reader.ReadSingle());
            _pieces.Add(Encoding.Latin1.GetString(reader.ReadBytes(reader.ReadInt32())));
        }
    }

    public List<int> Encode(string text)
    {
        var tokens = new List<int>();
        if (text.Length > 0)
            tokens.Add(_pieces.IndexOf(" "));
        foreach (Rune rune in text.EnumerateRunes())
        {
            byte[] bytes = Encoding.UTF8.GetBytes(rune.ToString());
            int id = _pieces.IndexOf(Encoding.Latin1.GetString(bytes));
            tokens.AddRange(id >= 0 ? [id] : bytes.Select(value => value + 3));
        }
        while (MergeBest(tokens))
        {
        }
        return tokens;
    }

    private bool MergeBest(List<int> tokens)
    {
        float bestScore = -1e10f;
        int bestId = -1, bestAt = -1;
        for (int at = 0; at < tokens.Count - 1; at++)
        {
            int id = _pieces.IndexOf(_pieces[tokens[at]] + _pieces[tokens[at + 1]]);
            if (id >= 0 && _scores[id] > bestScore)
                (bestScore, bestId, bestAt) = (_scores[id], id, at);
        }
        if (bestAt < 0)
            return false;
        tokens[bestAt] = bestId;
        tokens.RemoveAt(bestAt + 1);
        return true;
    }
}
