using Formwork.Runtime.Chat;
using Formwork.Runtime.Tests.Tokenization;
using Xunit;

namespace Formwork.Runtime.Tests.Chat;

public class ChatTemplateFilesTests
{
    private static string Render(TokenizerFolder folder, string? file = null) => ChatTemplate.Load(folder.Path, file).Render([new("user", "hi")]).Text;

    [Fact]
    public void TheTemplateComesFromTheConfigurationWithItsTokens()
    {
        using TokenizerFolder folder = new TokenizerFolder().With("tokenizer_config.json", """
            {"bos_token": {"content": "<s>", "lstrip": false}, "eos_token": "</s>", "chat_template": "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}"}
            """);
        Assert.Equal("<s>hi</s>", Render(folder));
        Assert.Equal("</s>", ChatTemplate.Load(folder.Path).EndToken);
    }

    [Fact]
    public void OfNamedTemplatesTheDefaultIsTaken()
    {
        using TokenizerFolder folder = new TokenizerFolder().With("tokenizer_config.json", """
            {"chat_template": [{"name": "tool_use", "template": "tools"}, {"name": "default", "template": "plain"}]}
            """);
        Assert.Equal("plain", Render(folder));
        folder.With("tokenizer_config.json", """{"chat_template": [{"name": "rag", "template": "first"}]}""");
        Assert.Equal("first", Render(folder));
    }

    [Fact]
    public void AFileOfItsOwnComesFirst()
    {
        using TokenizerFolder folder = new TokenizerFolder().With("tokenizer_config.json", """{"chat_template": "config"}""");
        folder.With("chat_template.json", """{"chat_template": "json"}""");
        Assert.Equal("json", Render(folder));
        folder.With("chat_template.jinja", "alone\r\n\n");
        Assert.Equal("alone\n", Render(folder));
        folder.With("other.jinja", "other");
        Assert.Equal("other", Render(folder, "other.jinja"));
    }

    [Theory]
    [InlineData("{}", "found no chat template; expected chat_template.jinja, or chat_template in chat_template.json or tokenizer_config.json")]
    [InlineData("""{"chat_template": 3}""", "$.chat_template: found the number 3; expected a string")]
    [InlineData("""{"chat_template": []}""", "$.chat_template: found an empty list")]
    [InlineData("""{"chat_template": [{"name": "default"}]}""", "$.chat_template[0]: found no template")]
    [InlineData("""{"chat_template": "{{"}""", "tokenizer_config.json: chat template, line 1, column 1: found a tag without end")]
    public void WhatCannotBeUsedIsTold(string config, string expected)
    {
        using TokenizerFolder folder = new TokenizerFolder().With("tokenizer_config.json", config);
        Assert.Contains(expected, Assert.Throws<InvalidInputException>(() => Render(folder)).Message);
    }
}
