using System.Globalization;
using Outbox.Embedded.MongoDb.Errors;

namespace Outbox.Embedded.MongoDb.Language.Documents;

/// <summary>A dotted path, taken apart once.</summary>
internal sealed class FieldPath
{
    private readonly int[] _indexes;

    public FieldPath(string text)
    {
        Text = text;
        Parts = text.Contains('.') ? text.Split('.') : [text];
        if (Parts.Length > Depth.Answered)
        {
            throw new MongoError(15, "Overflow", $"FieldPath is too long: {Parts.Length} parts, of {Depth.Answered} at most");
        }

        _indexes = Array.ConvertAll(Parts, IndexOf);
    }

    public string Text { get; }

    public string[] Parts { get; }

    public int Last => Parts.Length - 1;

    /// <summary>True when a part could mean a place in an array as well as a name.</summary>
    public bool HasIndex => Array.Exists(_indexes, index => index >= 0);

    /// <summary>The part as a place in an array, or -1.</summary>
    public int Index(int part) => _indexes[part];

    public static int IndexOf(string part)
    {
        var digits = part.Length is > 0 and < 10 && (part[0] != '0' || part.Length == 1) && part.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;
        return digits ? int.Parse(part, NumberStyles.None, CultureInfo.InvariantCulture) : -1;
    }

    public override string ToString() => Text;
}
