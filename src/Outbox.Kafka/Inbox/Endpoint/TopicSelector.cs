using System.Text.RegularExpressions;
using Outbox.History.Replaying;

namespace Outbox.Kafka.Inbox.Endpoint;

/// <summary>The topics of an endpoint: the one of this name, or, when it begins with <c>^</c>, all that match the pattern.</summary>
internal sealed class TopicSelector
{
    private readonly string _text;
    private readonly Regex? _pattern;

    public TopicSelector(string text)
    {
        _text = text;
        try
        {
            _pattern = text.StartsWith('^') ? new Regex(text, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)) : null;
        }
        catch (ArgumentException error)
        {
            throw new OutboxConfigurationException($"TopicEndpoint(\"{text}\", …) begins with '^', and is no pattern: {error.Message}");
        }
    }

    public bool IsPattern => _pattern is not null;

    public bool Matches(string topic) => _pattern?.IsMatch(topic) ?? topic == _text;

    /// <summary>Whether messages of a topic come: on the topic itself, or on one that its history is replayed into.</summary>
    public bool Reads(string topic) => Matches(topic) || (_pattern is null && HistoryTopic.IsOf(topic, _text));

    /// <summary>Whether a topic may be consumed by both.</summary>
    public bool Overlaps(TopicSelector other) => other._text == _text || Matches(other._text) || other.Matches(_text);

    /// <summary>The same topics as the brokers know them.</summary>
    public TopicSelector WithPrefix(string prefix) =>
        prefix.Length == 0 ? this : new TopicSelector(IsPattern ? $"^{Regex.Escape(prefix)}({_text[1..]})" : prefix + _text);

    public override string ToString() => _text;
}
