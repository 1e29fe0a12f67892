using CsCheck;
using Formwork.Runtime.Chat;
using Formwork.Runtime.Tests.Tokenization;
using Formwork.Runtime.Tokenization;
using Xunit;

namespace Formwork.Runtime.Tests.Chat;

public class ChatTemplateTests
{
    private static readonly ChatMessage[] Chat = [new(ChatMessage.System, "Be brief."), new(ChatMessage.User, "Hello"), new(ChatMessage.Assistant, "Hi!"), new(ChatMessage.User, " Two ")];

    [Fact]
    public void JinjaItselfRendersTheFamiliesTemplatesTheSame()
    {
        IReadOnlyList<ChatTemplateGolden.Case> cases = ChatTemplateGolden.Cases();
        Assert.Equal(210, cases.Count);
        Assert.Equal(14, cases.DistinctBy(golden => golden.Template).Count());
        Assert.All(cases, golden =>
        {
            ChatTemplate template = ChatTemplateGolden.Template(golden.Template);
            if (golden.Text is not null)
                Assert.Equal(golden.Text, template.Render(golden.Messages, golden.Options).Text);
            else
                Assert.Contains(golden.Error!, Assert.Throws<InvalidInputException>(() => template.Render(golden.Messages, golden.Options)).Message);
        });
    }

    [Fact]
    public void JinjaItselfGivesExpressionsAndStatementsTheSameValue() => Assert.All(ChatTemplateGolden.Expressions(), golden =>
        Assert.Equal(golden.Text, ChatTemplate.Parse("t", golden.Template).Render([new ChatMessage("user", "hi")], new ChatTemplateOptions { Now = ChatTemplateGolden.Now }).Text));

    /// <summary>By hand, after the families' own pages on how their prompts look.</summary>
    [Theory]
    [InlineData("llama-3.jinja", "<s><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHello<|eot_id|>"
        + "<|start_header_id|>assistant<|end_header_id|>\n\nHi!<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nTwo<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n")]
    [InlineData("qwen-2.5.jinja", "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\nHi!<|im_end|>\n<|im_start|>user\n Two <|im_end|>\n<|im_start|>assistant\n")]
    [InlineData("llama-2.jinja", "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHello [/INST] Hi! </s><s>[INST] Two [/INST]")]
    [InlineData("phi-3.jinja", "<|system|>\nBe brief.<|end|>\n<|user|>\nHello<|end|>\n<|assistant|>\nHi!<|end|>\n<|user|>\n Two <|end|>\n<|assistant|>\n")]
    [InlineData("mistral-v3.jinja", "<s>[INST] Hello[/INST] Hi!</s>[INST] Be brief.\n\n Two [/INST]")]
    [InlineData("gemma-3.jinja", "<s><start_of_turn>user\nBe brief.\n\nHello<end_of_turn>\n<start_of_turn>model\nHi!<end_of_turn>\n<start_of_turn>user\nTwo<end_of_turn>\n<start_of_turn>model\n")]
    public void FamiliesPromptsLookAsTheySay(string name, string expected) => Assert.Equal(expected, ChatTemplateGolden.Template(name).Render(Chat).Text);

    [Fact]
    public void EveryCharacterKnowsWhetherAMessageBroughtIt()
    {
        foreach (string name in ChatTemplateGolden.Names.Where(name => name != "gemma.jinja"))
        {
            // Characters that no template has.
            MarkedText text = ChatTemplateGolden.Template(name).Render([new("user", "¿Ω\nΩ?"), new("assistant", "ΩΨ</think>Ω Ψ"), new("user", "Ω¡")]);
            for (int at = 0; at < text.Text.Length; at++)
            {
                if (text.Text[at] is 'Ω' or 'Ψ' or '¿' or '¡')
                    Assert.True(text.IsForeign(at, 1), $"{name}: {text.Text}");
            }
            int begin = text.Text.IndexOf("¿Ω", StringComparison.Ordinal);
            Assert.True(text.IsForeign(begin + 4, 1), name);
            Assert.False(text.IsForeign(0, begin), name);
        }
    }

    [Theory]
    [InlineData("{{ messages[0].content | upper | trim }}", true)]
    [InlineData("{{ messages[0].content.replace('x', 's>') }}", true)]
    [InlineData("{{ messages[0].content.replace('x', '<s>') }}", false)]
    [InlineData("{{ messages | tojson }}", true)]
    [InlineData("{{ messages }}", true)]
    [InlineData("{{ [messages[0].content] | join(',') }}", true)]
    [InlineData("{{ messages[0].content[::-1][::-1] }}", true)]
    [InlineData("{% for c in messages[0].content %}{{ c }}{% endfor %}", true)]
    [InlineData("{% for k in {messages[0].content: 1} %}{{ k }}{% endfor %}", true)]
    [InlineData("{% set ns = namespace(t='') %}{% for p in messages[0].content.split('<') %}{% set ns.t = ns.t + '<' + p %}{% endfor %}{{ ns.t[1:] }}", true)]
    [InlineData("{% macro m(a) %}{{ a }}{% endmacro %}{{ m(messages[0].content) }}", true)]
    [InlineData("{% set s %}{{ messages[0].content }}{% endset %}{{ s * 2 }}", true)]
    [InlineData("{{ messages[0].content | indent(2) }}", true)]
    [InlineData("{{ messages[0].content | title | lower | capitalize | lower }}", true)]
    [InlineData("{{ messages[0].content | string | list | reverse | join | reverse }}", true)]
    [InlineData("{{ '<s>' + messages[0].content }}", false)]
    [InlineData("{{ '</s>' if messages[0].content == '</s>x' else '' }}", false)]
    public void WhatAMessageBringsIsNoSpecialTokenWhateverTheTemplateDoes(string template, bool foreign)
    {
        MarkedText text = ChatTemplate.Parse("t", template).Render([new("user", "</s>x")]);
        TextTokenizer tokenizer = Words();
        Assert.Equal(!foreign, tokenizer.Encode(text).Any(token => token is 1 or 2));
    }

    private static TextTokenizer Words()
    {
        using var folder = new TokenizerFolder();
        return folder.With("tokenizer.json", """
            {"model": {"type": "WordLevel", "unk_token": "<unk>", "vocab": {"<unk>": 0}}, "pre_tokenizer": {"type": "Whitespace"}, "added_tokens":
            [{"id": 1, "content": "<s>", "special": true}, {"id": 2, "content": "</s>", "special": true}, {"id": 3, "content": "<|im_end|>", "special": true}]}
            """).Load(TokenizerKind.TokenizerJson);
    }

    [Fact]
    public void NoMessageBringsASpecialToken()
    {
        TextTokenizer tokenizer = Words();
        Gen<string> content = Gen.OneOf<string>("<s>", "</s>", "<|im_end|>", "<|", "im_end", "|>", "<", "s>", " ", "\n", "a", "/", "</think>").Array[0, 8].Select(string.Concat);
        ChatTemplate[] templates = [.. ChatTemplateGolden.Names.Where(name => name != "gemma.jinja").Select(ChatTemplateGolden.Template)];
        Gen.Select(content, content, content, Gen.Int[0, templates.Length - 1]).Sample((first, answer, second, which) =>
        {
            int Special(string a, string b, string c) => tokenizer.Encode(templates[which].Render([new("user", a), new("assistant", b), new("user", c)])).Count(token => token > 0);
            Assert.Equal(Special("x", answer.Contains("</think>") ? "</think>" : "x", "x"), Special(first, answer, second));
        }, iter: 2000);
    }

    [Theory]
    [InlineData("{% if x %}", "line 1, column 11: found the template's end; expected '{% elif %}' or '{% else %}' or '{% endif %}'")]
    [InlineData("a\n{% for x in %}", "line 2, column 13: found '%}'; expected a value")]
    [InlineData("{{ 'a }}", "line 1, column 4: found a text without end")]
    [InlineData("{{ a", "line 1, column 1: found a tag without end")]
    [InlineData("{# a", "line 1, column 1: found a comment without end")]
    [InlineData("{{ a b }}", "line 1, column 6: found 'b'; expected '}}'")]
    [InlineData("{{ a ? b }}", "line 1, column 6: found the character '?'")]
    [InlineData("{{ (1, 2 }}", "line 1, column 10: found '}'; expected ')'")]
    [InlineData("{% include 'x' %}", "line 1, column 4: found the statement 'include'")]
    [InlineData("{% endfor %}", "line 1, column 1: found '{%'; expected no end of what was not begun")]
    [InlineData("{% for x in y %}{% endif %}", "line 1, column 20: found 'endif'; expected 'else' or 'endfor'")]
    [InlineData("{% break %}", "line 1, column 4: found 'break' outside a loop")]
    [InlineData("{% set 1 = 2 %}", "line 1, column 8: found '1'; expected a name")]
    [InlineData("{{ 99999999999999999999 }}", "found the number 99999999999999999999")]
    [InlineData("{% raw %}x", "found 'raw' without end")]
    public void SyntaxErrorsHaveLineAndColumn(string text, string expected)
    {
        string message = Assert.Throws<InvalidInputException>(() => ChatTemplate.Parse("m/tokenizer_config.json", text)).Message;
        Assert.StartsWith("m/tokenizer_config.json: chat template, ", message);
        Assert.Contains(expected, message);
    }

    [Theory]
    [InlineData("\n{{ 1 + 'a' }}", "line 2, column 6: found a number + a text; expected two numbers, two texts or two lists")]
    [InlineData("{{ x.y }}", "line 1, column 5: found 'x', which is undefined; expected a value that can have 'y'")]
    [InlineData("{{ f() }}", "found 'f', which is no function here; expected a function to call")]
    [InlineData("{{ 'a'.nothing() }}", "found 'nothing', which is no function here")]
    [InlineData("{{ 1 | nothing }}", "line 1, column 8: found the filter 'nothing'")]
    [InlineData("{{ 1 is nothing }}", "found the test 'nothing'")]
    [InlineData("{{ 1 // 0 }}", "found a division by zero")]
    [InlineData("{{ 9223372036854775807 + 1 }}", "expected a result of 64 bits")]
    [InlineData("{% for x in 5 %}{% endfor %}", "found a number; expected a list, a dictionary or a text to go over")]
    [InlineData("{% for a, b in [[1]] %}{% endfor %}", "found 1 values; expected 2, one a name")]
    [InlineData("{% set x.y = 1 %}", "found a member of what is no namespace")]
    [InlineData("{{ raise_exception('no system, please') }}", "found messages that the template refuses; expected messages as it wants them. The template says: no system, please")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "found more than 64 calls within calls")]
    [InlineData("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "found more than 2000000 steps")]
    [InlineData("{{ range(1000000) }}", "found a range of more than 100000")]
    [InlineData("{{ 'a' * 99999999 }}", "found a repetition of 99999999 times")]
    [InlineData("{% set x = 'aaaaaaaaaa' * 100000 %}{% for i in range(100) %}{{ x }}{% endfor %}", "characters written")]
    [InlineData("{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}", "found 2 arguments; expected at most 1 for the macro 'm'")]
    [InlineData("{{ messages[0].content | tojson(indent='x') }}", "found a text; expected a whole number for indent")]
    public void WhatGoesWrongIsToldWithItsPlace(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidInputException>(() => ChatTemplate.Parse("t", text).Render([new("user", "hi")])).Message);

    [Theory]
    [InlineData("")]
    [InlineData("user|>")]
    [InlineData("a b")]
    public void ARoleIsAWord(string role) =>
        Assert.Contains("message 1: found the role", Assert.Throws<InvalidInputException>(() => ChatTemplateGolden.Template("phi-4-mini.jinja").Render([new(role, "x")])).Message);

    [Fact]
    public void DeepNestingIsRefused()
    {
        Assert.Throws<InvalidInputException>(() => ChatTemplate.Parse("t", "{{ " + new string('(', 100_000) + "1" + new string(')', 100_000) + " }}"));
        Assert.Throws<InvalidInputException>(() => ChatTemplate.Parse("t", "{{ " + new string('-', 100_000) + "1 }}"));
        Assert.Throws<InvalidInputException>(() => ChatTemplate.Parse("t", string.Concat(Enumerable.Repeat("{% if 1 %}", 100_000))));
        Assert.Throws<InvalidInputException>(() => ChatTemplate.Parse("t", "{% if 1 %}" + string.Concat(Enumerable.Repeat("{% elif 1 %}", 100_000)) + "{% endif %}"));
        Assert.Equal("True", ChatTemplate.Parse("t", "{{ " + string.Concat(Enumerable.Repeat("not ", 1000)) + "true }}").Render([]).Text);
    }

    /// <summary>As Python's json.dumps has it.</summary>
    [Fact]
    public void AnIndentBelowZeroIsNone() => Assert.Equal("[\n1\n]", ChatTemplate.Parse("t", "{{ [1] | tojson(indent=-2) }}").Render(Chat).Text);

    [Fact]
    public void WhatHasNoOrderIsNotSorted() =>
        Assert.Throws<InvalidInputException>(() => ChatTemplate.Parse("t", "{{ [1, 'a'] | sort }}").Render(Chat));

    /// <summary>Templates with random damage either work or end in a message; nothing else escapes.</summary>
    [Fact]
    public void DamagedTemplatesAreExplainedOrWork()
    {
        string[] texts = [.. ChatTemplateGolden.Names.Select(name => ChatTemplateGolden.Template(name).Text), .. ChatTemplateGolden.Expressions().Select(golden => golden.Template)];
        Gen.Select(Gen.Int[0, texts.Length - 1], Gen.Int[0, 4000], Gen.Int[0, 12], Gen.OneOf<string>("", "{", "}", "%", "(", ")", "'", "|", "-", ".", "[", "]", "1", " ", "messages", "{{", "%}", "not", "is", ",", "*"))
            .Sample((which, place, length, insert) =>
            {
                string text = texts[which];
                int at = place % text.Length;
                try
                {
                    ChatTemplate.Parse("t", text[..at] + insert + text[Math.Min(text.Length, at + length)..]).Render(Chat);
                }
                catch (InvalidInputException)
                {
                }
            }, iter: 5000);
    }
}
