using System.Text.Json;
using System.Text.Json.Nodes;

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

    /// <summary>What people may see of a stored document that could not be read as a message: its payload and headers are in it.</summary>
    /// <param name="type">The message type's name, where it could be read.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="document">The document, as JSON.</param>
    public ShownText Document(string? type, string topic, string document) => Payload(type, topic, Inside(type, topic, document));

    /// <summary>Refuses an edit by somebody who has not seen all of what he replaces.</summary>
    /// <param name="original">The payload that he was shown.</param>
    /// <param name="payload">His.</param>
    /// <param name="isUnmasked">Whether he says that his has the true values of what is masked.</param>
    /// <exception cref="OutboxException">He does not say so, or the mask itself is among his values.</exception>
    public static void CheckEdit(ShownText original, string payload, bool isUnmasked)
    {
        ArgumentNullException.ThrowIfNull(original);
        ArgumentNullException.ThrowIfNull(payload);
        if (original.IsRedacted && !isUnmasked)
        {
            throw new OutboxException("The payload has fields that are masked here, and the edit would replace them. Say that yours has their true values, and why, if it has.");
        }

        if (original.IsRedacted && payload.Contains($"\"{JsonFieldRedactor.Mask}\"", StringComparison.Ordinal))
        {
            throw new OutboxException($"The new payload has {JsonFieldRedactor.Mask} in it, which stands for what is masked: it would be stored in place of the true values.");
        }
    }

    /// <summary>A payload is stored as text, in which no field can be found.</summary>
    private string Inside(string? type, string topic, string document)
    {
        try
        {
            if (JsonNode.Parse(document) is not JsonObject stored)
            {
                return document;
            }

            if (stored["payload"] is JsonValue payload && payload.TryGetValue<string>(out var text))
            {
                stored["payload"] = Payload(type, topic, text).Text;
            }

            foreach (var (name, value) in (stored["headers"] as JsonObject)?.ToList() ?? [])
            {
                stored["headers"]![name] = value is null ? null : Header(type, topic, name, value.ToString()).Text;
            }

            return stored.ToJsonString();
        }
        catch (JsonException)
        {
            return document;
        }
    }

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
