namespace Outbox.Operations.Redacting;

/// <summary>Asks the <see cref="IPayloadRedactor"/> before something is shown. Where it fails, nothing of the content is shown, and it says so. Every face that shows content goes through it.</summary>
/// <param name="redactor">Who decides.</param>
public sealed class Redaction(IPayloadRedactor redactor)
{
    /// <summary>What people may see of a payload.</summary>
    /// <param name="type">The message type's name, where it could be read.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="payload">The payload, as JSON or other text.</param>
    public ShownText Payload(string? type, string topic, string payload) => Ask(payload, () => redactor.RedactPayload(new RedactedContent(type, topic, payload)));

    /// <summary>What people may see of a header.</summary>
    /// <param name="type">The message type's name, where it could be read.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="name">The header's name.</param>
    /// <param name="value">Its value.</param>
    public ShownText Header(string? type, string topic, string name, string value) => Ask(value, () => redactor.RedactHeader(type, topic, name, value));

    private static ShownText Ask(string text, Func<string> redact)
    {
        try
        {
            var shown = redact() ?? throw new InvalidOperationException("it returned nothing");
            return new ShownText(shown, shown != text);
        }
        catch (Exception error)
        {
            // Its message may have what it stumbled over in it.
            return new ShownText($"(not shown: the redactor failed with {error.GetType().Name})", IsRedacted: true) { HasFailed = true };
        }
    }
}
