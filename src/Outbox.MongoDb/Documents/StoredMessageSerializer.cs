using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Serializers;
using Outbox.Messages;

namespace Outbox.MongoDb.Documents;

/// <summary>
/// Reads messages, and keeps a document that is none as it is. The driver reads a whole page at once, so an error here would lose the page, and with it
/// all that is behind it.
/// </summary>
internal sealed class StoredMessageSerializer : StructSerializerBase<StoredMessage>
{
    private static readonly Lazy<bool> Registered = new(() => BsonSerializer.TryRegisterSerializer(new StoredMessageSerializer()));
    private readonly IBsonSerializer<OutboxMessage> _messages = BsonSerializer.LookupSerializer<OutboxMessage>();

    public static void Register() => _ = Registered.Value;

    public override StoredMessage Deserialize(BsonDeserializationContext context, BsonDeserializationArgs args)
    {
        var start = context.Reader.GetBookmark();
        try
        {
            return new StoredMessage(_messages.Deserialize(context));
        }
        catch (OutboxException error)
        {
            context.Reader.ReturnToBookmark(start);
            return new StoredMessage(null, BsonDocumentSerializer.Instance.Deserialize(context), error.Message);
        }
    }
}
