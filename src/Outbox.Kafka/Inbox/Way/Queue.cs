using Outbox.Inbox;

namespace Outbox.Kafka.Inbox.Way;

/// <summary>Messages of one entity that wait for each other. The next one is there when its turn has come.</summary>
internal delegate Task<ParkedMessage?> Queue(CancellationToken cancellationToken);
