using System.Globalization;
using System.Text;
using Outbox.Messages;

namespace Outbox.Kafka.Tests.Formats;

// docs
public sealed class AcmeFormat : IWireFormat
{
    public bool Wrote(WireRecord record) => record.Header("acme-kind") is not null;

    public WireRecord Write(OutboxMessage message) => new(
        message.Payload is null ? null : Encoding.UTF8.GetBytes(message.Payload),
        [
            new("acme-kind", Encoding.UTF8.GetBytes(message.Type)),
            new("acme-id", Encoding.UTF8.GetBytes(message.MessageId)),
            new("acme-number", Encoding.UTF8.GetBytes(message.Version.ToString(CultureInfo.InvariantCulture))),
        ]);

    public WireContent Read(WireRecord record) => new(record.Header("acme-kind")!, Encoding.UTF8.GetString(record.Key!), record.Value)
    {
        MessageId = record.Header("acme-id") ?? "",
        Version = long.Parse(record.Header("acme-number")!, CultureInfo.InvariantCulture),
    };
}

// end
