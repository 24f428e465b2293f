using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Indexing;

/// All numeric types share one order. A number is the greatest double that is not above it, then what is left over:
/// the distance in whole numbers (longs beyond 2^53), then the digits of a decimal that is neither a double nor a long.
internal static class NumberEncoder
{
    private const double LongLimit = 9223372036854775808d;

    public static void Append(ArrayBufferWriter<byte> output, BsonValue value)
    {
        switch (value.BsonType)
        {
            case BsonType.Int32:
                Write(output, value.AsInt32, 0, default);
                break;
            case BsonType.Int64:
                Integer(output, value.AsInt64);
                break;
            case BsonType.Double:
                Write(output, value.AsDouble, 0, default);
                break;
            default:
                Decimal(output, (BsonDecimal128)value);
                break;
        }
    }

    private static void Integer(ArrayBufferWriter<byte> output, long value)
    {
        var floor = (double)value;
        if (floor >= LongLimit || (long)floor > value)
        {
            floor = Math.BitDecrement(floor);
        }

        Write(output, floor, (ushort)(value - (long)floor), default);
    }

    private static void Decimal(ArrayBufferWriter<byte> output, BsonDecimal128 value)
    {
        var number = value.Value;
        if (Decimal128.IsNaN(number) || Decimal128.IsInfinity(number))
        {
            Write(output, Decimal128.IsNaN(number) ? double.NaN : Decimal128.IsNegative(number) ? double.NegativeInfinity : double.PositiveInfinity, 0, default);
            return;
        }

        var text = number.ToString();
        var floor = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (double.IsInfinity(floor))
        {
            floor = floor > 0 ? double.MaxValue : floor;
        }

        while (BsonOrder.Instance.Compare(new BsonDouble(floor), value) > 0)
        {
            floor = Math.BitDecrement(floor);
        }

        if (BsonOrder.Instance.Compare(new BsonDouble(floor), value) == 0)
        {
            Write(output, floor, 0, default);
            return;
        }

        if (Math.Abs(floor) < LongLimit && Math.Abs(floor) >= 9007199254740992d)
        {
            Beyond53Bits(output, value, floor, text);
            return;
        }

        Write(output, floor, 0, Digits(text));
    }

    private static void Beyond53Bits(ArrayBufferWriter<byte> output, BsonDecimal128 value, double floor, string text)
    {
        var whole = (long)floor;
        ushort rest = 0;
        while (BsonOrder.Instance.Compare(new BsonInt64(whole + rest + 1), value) <= 0)
        {
            rest++;
        }

        var exact = BsonOrder.Instance.Compare(new BsonInt64(whole + rest), value) == 0;
        Write(output, floor, rest, exact ? default : Digits(text));
    }

    private static void Write(ArrayBufferWriter<byte> output, double floor, ushort rest, ReadOnlySpan<byte> digits)
    {
        var bits = BitConverter.DoubleToInt64Bits(floor == 0 ? 0d : floor);
        KeyEncoder.UInt64(output, double.IsNaN(floor) ? 0 : bits < 0 ? (ulong)~bits : (ulong)bits | (1UL << 63));
        BinaryPrimitives.WriteUInt16BigEndian(output.GetSpan(2), rest);
        output.Advance(2);
        KeyEncoder.Byte(output, digits.IsEmpty ? (byte)0 : (byte)1);
        output.Write(digits);
    }

    private static byte[] Digits(string text)
    {
        var negative = text.StartsWith('-');
        var mantissa = text.TrimStart('-');
        var exponent = 0;
        if (mantissa.IndexOf('E', StringComparison.Ordinal) is > 0 and var mark)
        {
            exponent = int.Parse(mantissa.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            mantissa = mantissa[..mark];
        }

        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var wholeDigits = point < 0 ? mantissa.Length : point;
        var all = mantissa.Replace(".", "", StringComparison.Ordinal);
        var significant = all.TrimStart('0');
        var adjusted = wholeDigits + exponent - (all.Length - significant.Length) + 8192;
        significant = significant.TrimEnd('0').PadRight(34, '0');
        var bytes = new byte[2 + significant.Length];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)adjusted);
        for (var i = 0; i < significant.Length; i++)
        {
            bytes[2 + i] = (byte)(significant[i] - '0' + 1);
        }

        if (negative)
        {
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)~bytes[i];
            }
        }

        return bytes;
    }
}
