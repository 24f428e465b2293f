using Confluent.Kafka;

namespace Outbox.Kafka.Delivery;

/// <summary>A producer that remembers a fatal error: after one it sends nothing more.</summary>
internal sealed class GaplessProducer : IDisposable
{
    private volatile Error? _fatal;

    public GaplessProducer(ProducerFactory factory) => Producer = factory.Create(error => _fatal = error);

    public IProducer<string, byte[]?> Producer { get; }

    public Error? Fatal => _fatal;

    public void Dispose() => Producer.Dispose();
}
