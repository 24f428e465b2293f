namespace Outbox.Operations.Redacting;

/// <summary>
/// Says what people may see of a message's content. It runs before each face that shows one: page, HTTP, export, command line. Register your own as a singleton in place of the built-in one, which masks what
/// <see cref="OutboxOptions.Redact"/> names. Errors and exception texts are not given to it: they are shown as they are. What is stored, published and processed is never changed.
/// </summary>
public interface IPayloadRedactor
{
    /// <summary>Says what people may see of a payload.</summary>
    /// <param name="content">The payload, and what it is of.</param>
    /// <returns>The payload to show; the same text if all of it may be seen.</returns>
    /// <exception cref="Exception">Any: nothing of the payload is shown then.</exception>
    string RedactPayload(RedactedContent content);

    /// <summary>Says what people may see of a header.</summary>
    /// <param name="type">The message type's name, where it could be read.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="name">The header's name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>The value to show.</returns>
    /// <exception cref="Exception">Any: nothing of the value is shown then.</exception>
    string RedactHeader(string? type, string topic, string name, string value);
}
