using Formwork.Models.Tests.Stories;
using Formwork.Runtime;
using Formwork.Runtime.Chat;
using Formwork.Runtime.Generation;
using Formwork.Runtime.Models;
using Formwork.Runtime.Sampling;
using Xunit;

namespace Formwork.Models.Tests.Chat;

public sealed class ChatSessionTests : IDisposable
{
    private const string Plain = "{{ '<s>' }}{% for message in messages %}{{ message.role + ': ' + message.content + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ 'assistant:' }}{% endif %}";

    /// <summary>Drops all that the assistant said before, as templates do with thoughts.</summary>
    private const string Forgetful = "{{ '<s>' }}{% for message in messages %}{{ message.role + ': ' + (message.content if message.role != 'assistant' else 'yes') + '\n' }}{% endfor %}{{ 'assistant:' }}";

    private readonly Stories260K _model = StoriesModel.Load();

    private ChatSession Chat(string template, string? system = null) => new(_model, _model.Tokenizer!, ChatTemplate.Parse("t", template), system);

    private static GenerationOptions Greedy(GenerationStatistics? statistics = null, int most = 10) =>
        new() { MaxTokens = most, Sampling = new SamplingOptions { Temperature = 0 }, Statistics = statistics };

    private static string Say(ChatSession chat, string text, GenerationStatistics? statistics = null) => string.Concat(chat.Say(text, Greedy(statistics)));

    [Theory]
    [InlineData(Plain)]
    [InlineData(Forgetful)]
    public void AnswersAreThoseOfTheWholeChatReadAnew(string template)
    {
        using ChatSession chat = Chat(template, "Tell stories.");
        foreach (string text in new[] { "Once upon a time", "What then?", "And the end?" })
        {
            string answer = Say(chat, text);
            List<ChatMessage> messages = [.. chat.Messages];
            Assert.Equal(new ChatMessage(ChatMessage.Assistant, answer), messages[^1]);
            IReadOnlyList<int> tokens = _model.Tokenizer!.Encode(ChatTemplate.Parse("t", template).Render(messages[..^1]));
            using DecoderSession session = _model.NewSession();
            var anew = new TextGenerator(session, _model.Tokenizer, _model.Description.Tokenizer);
            Assert.Equal(answer, string.Concat(anew.Generate(tokens, Greedy())));
        }
        Assert.Equal(7, chat.Messages.Count);
    }

    [Fact]
    public void OnlyNewTokensGoThroughTheModel()
    {
        using ChatSession chat = Chat(Plain);
        var statistics = new GenerationStatistics();
        Say(chat, "Once upon a time", statistics);
        int cached = chat.CachedTokens, whole = _model.Tokenizer!.Encode(ChatTemplate.Parse("t", Plain).Render([.. chat.Messages, new(ChatMessage.User, "And?")])).Count;
        Assert.Equal(statistics.PromptTokens + 9, cached);
        Say(chat, "And?", statistics);
        Assert.InRange(statistics.PromptTokens, 1, whole - cached + 3);
    }

    [Fact]
    public void ABrokenOffAnswerStaysAsFarAsItWasHeard()
    {
        using ChatSession chat = Chat(Plain);
        string first = chat.Say("Once", Greedy()).First();
        Assert.Equal([new(ChatMessage.User, "Once"), new(ChatMessage.Assistant, first)], chat.Messages);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => chat.Say("Twice", Greedy(), cancelled.Token).Count());
        Assert.Equal(2, chat.Messages.Count);
        Assert.NotEmpty(Say(chat, "More"));
    }

    [Fact]
    public void AFailedTurnLeavesTheChatAsItWas()
    {
        using ChatSession chat = Chat(Plain);
        Say(chat, "Once");
        Assert.Throws<InvalidInputException>(() => chat.Say(string.Join(' ', Enumerable.Repeat("Lily", 600))));
        Assert.Equal(2, chat.Messages.Count);
        Assert.NotEmpty(Say(chat, "More"));
    }

    [Fact]
    public void ResetKeepsTheInstructionsAlone()
    {
        using ChatSession chat = Chat(Plain, "Tell stories.");
        string answer = Say(chat, "Once");
        Say(chat, "More");
        chat.Reset();
        Assert.Equal([new ChatMessage(ChatMessage.System, "Tell stories.")], chat.Messages);
        Assert.Equal(0, chat.CachedTokens);
        Assert.Equal(answer, Say(chat, "Once"));
    }

    [Fact]
    public void WhatTheTemplatePutsAfterAnAnswerEndsIt()
    {
        // </s> is no end token of the spec's list here, but what this template ends answers with.
        const string Ended = "{% for message in messages %}{{ message.content + ' </s>\n' }}{% endfor %}";
        Assert.Equal([2], ChatEndTokensOf(Ended));
        Assert.Empty(ChatEndTokensOf("{% for message in messages %}{{ message.content + '\n' }}{% endfor %}"));
        Assert.Empty(ChatEndTokensOf("{{ raise_exception('no') }}"));
    }

    private IEnumerable<int> ChatEndTokensOf(string template) => ChatSession.EndTokens(ChatTemplate.Parse("t", template), _model.Tokenizer!);

    [Fact]
    public void ARewoundSessionGoesOnAsIfItHadNeverBeenFurther()
    {
        int[] tokens = [1, .. Enumerable.Range(0, 99).Select(index => 260 + index * 37 % 240)];
        using DecoderSession straight = _model.NewSession(), rewound = _model.NewSession();
        rewound.Prefill([.. tokens[..40], 300, 301, 302, .. tokens[43..90]]);
        rewound.Rewind(40);
        Assert.Equal(40, rewound.Position);
        Logits.AssertClose(straight.Prefill(tokens), rewound.Prefill(tokens.AsSpan(40)), "last", tolerance: 2e-5f);
        Assert.Throws<ArgumentOutOfRangeException>(() => rewound.Rewind(101));
        Assert.Throws<ArgumentOutOfRangeException>(() => rewound.Rewind(-1));
    }

    public void Dispose() => _model.Dispose();
}
