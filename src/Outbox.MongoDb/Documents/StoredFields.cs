using System.Globalization;
using MongoDB.Bson;
using MongoDB.Bson.IO;

namespace Outbox.MongoDb.Documents;

/// <summary>Reads the fields of stored messages.</summary>
internal static class StoredFields
{
    /// <summary>Whatever kind of number it is: a document changed in mongosh has doubles where there were integers.</summary>
    /// <exception cref="FormatException">It is not a whole number.</exception>
    public static long ReadNumber(this IBsonReader reader) => reader.CurrentBsonType switch
    {
        BsonType.Int32 => reader.ReadInt32(),
        BsonType.Double => Whole(reader.ReadDouble()),
        _ => reader.ReadInt64(),
    };

    public static string? ReadStringOrNull(this IBsonReader reader)
    {
        if (reader.CurrentBsonType != BsonType.Null)
        {
            return reader.ReadString();
        }

        reader.ReadNull();
        return null;
    }

    public static DateTimeOffset ReadTime(this IBsonReader reader) => DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadDateTime());

    public static void ReadHeaders(this IBsonReader reader, Dictionary<string, string> headers)
    {
        reader.ReadStartDocument();
        while (reader.ReadBsonType() != BsonType.EndOfDocument)
        {
            headers[reader.ReadName()] = reader.ReadString();
        }

        reader.ReadEndDocument();
    }

    private static long Whole(double number) =>
        Math.Truncate(number) == number ? checked((long)number) : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{number:R} is not a whole number."));
}
