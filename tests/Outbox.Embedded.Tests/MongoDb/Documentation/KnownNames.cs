namespace Outbox.Embedded.Tests.MongoDb.Documentation;

/// What MongoDB 4.4 knows: each of these is either supported, and then documented, or refused.
internal static class KnownNames
{
    public static readonly string[] Stages = Split(
        """
        $addFields $bucket $bucketAuto $changeStream $collStats $count $currentOp $facet $geoNear $graphLookup $group $indexStats $limit $listLocalSessions
        $listSessions $lookup $match $merge $out $planCacheStats $project $redact $replaceRoot $replaceWith $sample $set $skip $sort $sortByCount
        $unionWith $unset $unwind
        """);

    public static readonly string[] Filters = Split(
        """
        $eq $gt $gte $in $lt $lte $ne $nin $and $not $nor $or $exists $type $expr $jsonSchema $mod $regex $text $where $geoIntersects $geoWithin $near
        $nearSphere $all $elemMatch $size $bitsAllClear $bitsAllSet $bitsAnyClear $bitsAnySet $comment
        """);

    public static readonly string[] Updates = Split(
        "$currentDate $inc $min $max $mul $rename $set $setOnInsert $unset $addToSet $pop $pull $push $pullAll $bit");

    public static readonly string[] Accumulators = Split(
        "$accumulator $addToSet $avg $first $last $max $mergeObjects $min $push $stdDevPop $stdDevSamp $sum");

    public static readonly string[] Expressions = Split(
        """
        $abs $add $ceil $divide $exp $floor $ln $log $log10 $mod $multiply $pow $round $sqrt $subtract $trunc $arrayElemAt $arrayToObject $concatArrays
        $filter $first $in $indexOfArray $isArray $last $map $objectToArray $range $reduce $reverseArray $size $slice $zip $and $not $or $cmp $eq $gt $gte
        $lt $lte $ne $cond $ifNull $switch $function $accumulator $binarySize $bsonSize $dateFromParts $dateFromString $dateToParts $dateToString
        $dayOfMonth $dayOfWeek $dayOfYear $hour $isoDayOfWeek $isoWeek $isoWeekYear $millisecond $minute $month $second $toDate $week $year $literal
        $mergeObjects $allElementsTrue $anyElementTrue $setDifference $setEquals $setIntersection $setIsSubset $setUnion $concat $indexOfBytes $indexOfCP
        $ltrim $regexFind $regexFindAll $regexMatch $replaceOne $replaceAll $rtrim $split $strLenBytes $strLenCP $strcasecmp $substr $substrBytes $substrCP
        $toLower $toString $trim $toUpper $meta $sin $cos $tan $asin $acos $atan $atan2 $asinh $acosh $atanh $sinh $cosh $tanh $degreesToRadians
        $radiansToDegrees $convert $toBool $toDecimal $toDouble $toInt $toLong $toObjectId $isNumber $type $rand $sum $avg $min $max $stdDevPop $stdDevSamp
        $let
        """);

    private static string[] Split(string names) => names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
