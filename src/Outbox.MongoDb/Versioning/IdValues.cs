using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;

namespace Outbox.MongoDb.Versioning;

/// <summary>Ids as text, as values of an id member, and as the driver writes them.</summary>
internal static class IdValues
{
    private static readonly ConcurrentDictionary<Type, Func<string, object>?> Parsers = new()
    {
        [typeof(string)] = text => text,
        [typeof(ObjectId)] = text => ObjectId.Parse(text),
        [typeof(Guid)] = text => Guid.Parse(text),
        [typeof(int)] = text => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
        [typeof(long)] = text => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
    };

    /// <summary>How text becomes an id of the member's type; <see langword="null"/> for a type, such as a composite one, that has no text that we know of.</summary>
    public static Func<string, object>? ParserOf(BsonMemberMap member) =>
        Parsers.GetOrAdd(Nullable.GetUnderlyingType(member.MemberType) ?? member.MemberType, static type =>
            Array.Exists(type.GetInterfaces(), given => given.IsGenericType && given.GetGenericTypeDefinition() == typeof(IParsable<>) && given.GenericTypeArguments[0] == type)
                ? typeof(IdValues).GetMethod(nameof(Parse), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type).CreateDelegate<Func<string, object>>()
                : null);

    public static BsonValue Written(BsonMemberMap member, object id)
    {
        var document = new BsonDocument();
        using (var writer = new BsonDocumentWriter(document))
        {
            writer.WriteStartDocument();
            writer.WriteName("_id");
            member.GetSerializer().Serialize(BsonSerializationContext.CreateRoot(writer), id);
            writer.WriteEndDocument();
        }

        return document["_id"];
    }

    /// <summary>Nothing, or what a member has that nobody set.</summary>
    public static bool IsDefault(BsonValue id, BsonMemberMap? member) => IsDefault(id)
        || (member is { MemberType.IsValueType: true } && Nullable.GetUnderlyingType(member.MemberType) is null
            && Written(member, Activator.CreateInstance(member.MemberType)!) == id);

    private static bool IsDefault(BsonValue id) => id switch
    {
        BsonNull or BsonUndefined => true,
        BsonString text => text.Value.Length == 0,
        BsonObjectId objectId => objectId.Value == ObjectId.Empty,
        BsonBinaryData bytes => !bytes.Bytes.AsSpan().ContainsAnyExcept((byte)0),
        BsonDocument parts => parts.Values.All(IsDefault),
        BsonArray parts => parts.All(IsDefault),
        _ => id.IsNumeric && id.ToDouble() == 0,
    };

    private static object Parse<TId>(string text)
        where TId : IParsable<TId> => TId.Parse(text, CultureInfo.InvariantCulture);
}
