namespace Outbox.Kafka.Inbox.Way;

/// <summary>The offset of a message that was read. It may be committed when all before it are finished.</summary>
internal interface IOpenOffset
{
    void Finish();
}
