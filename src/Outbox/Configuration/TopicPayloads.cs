using Outbox.Payloads;
using Outbox.Payloads.Chain;
using Outbox.Payloads.Claims;
using Outbox.Payloads.Transforms;

namespace Outbox.Configuration;

/// <summary>What is said of a topic's payloads.</summary>
internal sealed class TopicPayloads
{
    /// <summary>An event is one document of at most 16 MB in the history.</summary>
    private const int MostInHistory = 15_000_000;

    private const int MostClaimed = 64 * 1024 * 1024;

    private readonly List<string> _transforms = [];

    public string? Transforms => _transforms.Count == 0 ? null : EncodingNames.Of(_transforms);

    public ClaimCheckOptions? Claims { get; private set; }

    public int? MaxClaimBytes(bool keepsHistory) => Claims is null ? null : Claims.MaxBytes ?? (keepsHistory ? MostInHistory : MostClaimed);

    public void Claim(Action<ClaimCheckOptions>? configure)
    {
        Claims ??= new ClaimCheckOptions();
        configure?.Invoke(Claims);
    }

    public void Add(string name, string topic)
    {
        if (!EncodingNames.IsName(name) || name == ClaimTransform.TransformName)
        {
            throw new OutboxConfigurationException(
                $"'{name}' is no name of a transform of topic '{topic}': small letters, digits, '.' and '-', 64 at most, and not '{ClaimTransform.TransformName}' (t.ClaimCheck()).");
        }

        if (_transforms.Contains(name))
        {
            // Said twice, as by the parts of a service.
            return;
        }

        if (name == ZstdTransform.TransformName && _transforms.Contains(AesGcmTransform.TransformName))
        {
            throw new OutboxConfigurationException($"Topic '{topic}' is encrypted before it is compressed, and what is encrypted does not become smaller. Call t.Compress() before t.Encrypt().");
        }

        _transforms.Add(name);
    }

    /// <exception cref="OutboxConfigurationException">The format cannot carry it, or the limits make no sense.</exception>
    public void Check(string topic, MessageFormat format, bool keepsHistory)
    {
        if ((Transforms is not null || Claims is not null) && format is not (MessageFormat.Envelope or MessageFormat.CloudEvents or MessageFormat.CloudEventsStructured))
        {
            throw new OutboxConfigurationException(
                $"Payloads of topic '{topic}' are compressed, encrypted or claimed, but its format is {format}: those whom that format is for read plain JSON and nothing else. "
                + "Use Envelope, CloudEvents or CloudEventsStructured, or publish the payloads as they are.");
        }

        if (Claims is { } claims && (claims.AboveBytes < 1 || MaxClaimBytes(keepsHistory) is not { } max || max < claims.AboveBytes || (keepsHistory && max > MostInHistory)))
        {
            throw new OutboxConfigurationException(
                $"ClaimCheck of topic '{topic}' has AboveBytes {claims.AboveBytes} and MaxBytes {claims.MaxBytes}. AboveBytes must be at least 1, and MaxBytes not below it"
                + (keepsHistory ? $", nor above {MostInHistory:N0} on a topic that keeps history." : "."));
        }
    }
}
